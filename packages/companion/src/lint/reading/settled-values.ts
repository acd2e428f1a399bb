import type { ParseNode, RangeVar, SqlParser } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintMigration } from '../migration.ts';
import type { Cast } from './enum-recreates.ts';

/**
 * The values that somebody has thought of before the column changes its type: an UPDATE or DELETE of the table names
 * them, a DO block looks for them, or USING maps them. `all` where that cannot be told value by value.
 */
export function settledValues(
  table: QualifiedName,
  { statement, using }: Cast,
  migrations: readonly LintMigration[],
  parser: SqlParser,
): ReadonlySet<string> | 'all' {
  const settled = new Set<string>();
  for (const migration of migrations) {
    for (const { node, index } of migration.statements) {
      if (migration === statement.migration && index >= statement.index) break;
      for (const text of textsInBlock(node, table, parser)) settled.add(text);
      const isWork = 'UpdateStmt' in node || 'DeleteStmt' in node || 'SelectStmt' in node;
      if (!isWork || !names(node, keyOfName(table))) continue;
      if (isOfEveryRow(node)) return 'all';
      for (const text of textsIn(node)) settled.add(text);
    }
    if (migration === statement.migration) break;
  }
  for (const text of textsIn(using)) settled.add(text);
  return using !== null && isComputed(using) && settled.size === 0 ? 'all' : settled;
}

function isOfEveryRow(node: ParseNode): boolean {
  if ('UpdateStmt' in node) return node.UpdateStmt.whereClause === undefined;
  return 'DeleteStmt' in node && node.DeleteStmt.whereClause === undefined;
}

/** More than a chain of casts of the column: a function, say, which may map anything. */
export function isComputed(node: ParseNode): boolean {
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isComputed(node.TypeCast.arg);
  return !('ColumnRef' in node);
}

function names(tree: unknown, table: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('relname' in tree) return keyOfName(nameOfRelation(tree as RangeVar)) === table;
  return Object.values(tree).some((value) => names(value, table));
}

/** What a DO block that names the table says: it may look for the value, and raise an error. */
function textsInBlock(node: ParseNode, { name }: QualifiedName, parser: SqlParser): readonly string[] {
  if (!('DoStmt' in node)) return [];
  const bodies = (node.DoStmt.args ?? []).flatMap((arg) =>
    'DefElem' in arg && arg.DefElem.arg !== undefined && 'String' in arg.DefElem.arg
      ? [arg.DefElem.arg.String.sval ?? '']
      : [],
  );
  const tokens = bodies.flatMap((body) => parser.scan(body)).map(({ text }) => text);
  if (!tokens.includes(name) && !tokens.includes(quoteIdentifier(name))) return [];
  return tokens.flatMap((text) => (text.startsWith("'") ? [text.slice(1, -1).replaceAll("''", "'")] : []));
}

export function* textsIn(tree: unknown): Generator<string> {
  if (typeof tree !== 'object' || tree === null) return;
  if ('sval' in tree && typeof tree.sval === 'object' && tree.sval !== null && 'sval' in tree.sval)
    yield String(tree.sval.sval);
  for (const value of Object.values(tree)) yield* textsIn(value);
}
