import type { NodeOf, SqlToken } from '../../sql/parser.ts';
import type { LintStatement, Span } from '../migration.ts';

/** What may stand behind UNIQUE or PRIMARY KEY of a column and belongs to it. The longer of two comes first. */
const PARTS: readonly (readonly string[])[] = [
  ['nulls', 'not', 'distinct'],
  ['nulls', 'distinct'],
  ['with'],
  ['using', 'index', 'tablespace'],
  ['not', 'deferrable'],
  ['deferrable'],
  ['initially', 'deferred'],
  ['initially', 'immediate'],
];

/** `CONSTRAINT a UNIQUE NULLS NOT DISTINCT WITH (…) DEFERRABLE` of a column, with the space before it. */
export function spanOfColumnKey(
  statement: LintStatement,
  { location, contype }: NodeOf<'Constraint'>,
  within: Span,
): Span {
  const start = statement.offsetOf(location);
  const tokens = statement
    .tokens()
    .filter((token) => !token.comment && token.start >= start && token.end <= within.end);
  const named = tokens[0]?.keyword === 'constraint' ? 2 : 0;
  let place = named + (contype === 'CONSTR_PRIMARY' ? 2 : 1);
  for (let next = endOfPart(tokens, place); next !== null; next = endOfPart(tokens, place)) place = next;
  const isSpaced = statement.text[start - statement.start - 1] === ' ';
  return { start: isSpaced ? start - 1 : start, end: tokens[place - 1]?.end ?? within.end };
}

/** The place behind the part that begins here; null where none does. */
function endOfPart(tokens: readonly SqlToken[], from: number): number | null {
  const part = PARTS.find((words) => words.every((word, ahead) => tokens[from + ahead]?.keyword === word));
  if (part === undefined) return null;
  const end = from + part.length;
  if (part[0] === 'using') return end + 1;
  if (part[0] !== 'with') return end;
  const closing = tokens.findIndex(({ text }, place) => place >= end && text === ')');
  return closing === -1 ? null : closing + 1;
}
