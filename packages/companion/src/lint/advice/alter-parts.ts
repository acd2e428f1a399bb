import { alterTableCommands } from '../facts/alter-commands.ts';
import type { LintStatement, Span } from '../migration.ts';
import { spanOfRelation } from '../reading/relation-span.ts';
import type { Edit } from '../rule.ts';
import { applyEdits } from './edits.ts';

/** Where each command of an ALTER TABLE stands, in order; null where the commas do not tell. */
export function commandSpans(statement: LintStatement): readonly Span[] | null {
  const commands = alterTableCommands(statement.node);
  const relation = commands[0]?.relation;
  const name = relation === undefined ? null : spanOfRelation(statement, relation);
  if (name === null) return null;
  const tokens = statement.tokens().filter(({ comment, start }) => !comment && start >= name.end);
  // `ONLY (name)` and `name *` are older ways to write what we have no use for.
  while (tokens[0] !== undefined && [')', '*'].includes(tokens[0].text)) tokens.shift();
  const spans: Span[] = [];
  let depth = 0;
  let start: number | null = null;
  let end = name.end;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth += 1;
    else if (token.text === ')' || token.text === ']') depth -= 1;
    else if (token.text === ',' && depth === 0 && start !== null) {
      spans.push({ start, end });
      start = null;
      continue;
    }
    start ??= token.start;
    end = token.end;
  }
  if (start !== null) spans.push({ start, end });
  return spans.length === commands.length ? spans : null;
}

/** The ALTER TABLE without some of its commands, and with edits in the others; null where none is left. */
export function withoutCommands(
  statement: LintStatement,
  spans: readonly Span[],
  { dropped, edits }: { readonly dropped: ReadonlySet<number>; readonly edits: readonly Edit[] },
): string | null {
  const kept = spans.filter((_, place) => !dropped.has(place));
  const [first] = spans;
  if (kept.length === 0 || first === undefined) return null;
  const commands = kept.map(({ start, end }) => {
    const inside = edits.filter((edit) => edit.start >= start && edit.end <= end);
    return applyEdits(
      statement.text.slice(start - statement.start, end - statement.start),
      inside.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
    ).trimEnd();
  });
  return `${statement.text.slice(0, first.start - statement.start)}${commands.join(', ')};`;
}
