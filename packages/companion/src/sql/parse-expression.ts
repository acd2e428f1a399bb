import type { ParseNode, SqlParser } from './parser.ts';

/** The expression as it would stand in a query; null for what PostgreSQL cannot read. */
export function parseExpression(text: string, parser: SqlParser): ParseNode | null {
  try {
    const [statement, ...more] = parser.parse(`SELECT (${text}\n)`);
    if (statement === undefined || more.length > 0 || !('SelectStmt' in statement)) return null;
    const [target] = statement.SelectStmt.targetList ?? [];
    return target !== undefined && 'ResTarget' in target ? (target.ResTarget.val ?? null) : null;
  } catch {
    return null;
  }
}
