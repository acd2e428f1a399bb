import type { LintStatement } from '../migration.ts';
import type { Edit } from '../rule.ts';

/** Puts `text` behind the first of these keywords in the statement; null where none stands there. Lower case. */
export function insertAfter(
  statement: LintStatement,
  keywords: readonly string[],
  text: string,
): Edit | null {
  const token = statement.tokens().find(({ keyword }) => keyword !== null && keywords.includes(keyword));
  return token === undefined ? null : { start: token.end, end: token.end, text };
}

/** Puts `text` behind the statement, before its semicolon. */
export function append(statement: LintStatement, text: string): Edit {
  return { start: statement.end, end: statement.end, text };
}

/** The text with all edits made. Edits must not overlap; of two at one place the first stands first. Pure. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, place) => ({ edit, place }))
    .sort((a, b) => a.edit.start - b.edit.start || a.place - b.place);
  let result = '';
  let at = 0;
  for (const { edit } of ordered) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The statement as it would read after the edits, with its semicolon: what a rewrite shows. */
export function rewritten(statement: LintStatement, edits: readonly Edit[]): string {
  const moved = edits.map((edit) => ({
    ...edit,
    start: edit.start - statement.start,
    end: edit.end - statement.start,
  }));
  return `${applyEdits(statement.text, moved)};`;
}
