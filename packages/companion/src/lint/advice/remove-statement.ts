import type { LintStatement } from '../migration.ts';
import type { Edit } from '../rule.ts';

/**
 * Takes a statement out of its file, with its semicolon, and with what stands between it and the statement before it:
 * that one's breakpoint, and the comments. Null for the first statement.
 */
export function removeStatement(statement: LintStatement): Edit | null {
  const { statements, sql } = statement.migration;
  const before = statements.filter(({ nested, end }) => !nested && end <= statement.start).at(-1);
  if (before === undefined) return null;
  return { start: behind(before.end, sql), end: behind(statement.end, sql), text: '' };
}

function behind(end: number, sql: string): number {
  return sql[end] === ';' ? end + 1 : end;
}
