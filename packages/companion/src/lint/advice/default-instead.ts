import type { Rewrite } from '../../kernel/finding.ts';
import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { isVolatile } from '../facts/volatility.ts';
import type { LintStatement } from '../migration.ts';
import { isAnalyze } from '../reading/analyze.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { append, rewritten } from './edits.ts';
import { conditionSpan } from './in-batches.ts';
import { joinStatements } from './take-out.ts';

/**
 * The migration with a DEFAULT on its ADD COLUMN in place of each UPDATE that gives every row of a new column one
 * value: PostgreSQL notes such a default in the catalog and writes no row. Null where the statement is no such UPDATE,
 * or where the migration would still write rows without bound.
 */
export function defaultInstead(
  statement: LintStatement,
  write: BulkWrite,
  facts: SchemaFacts,
): Rewrite | null {
  if (defaultFor(statement, write, facts) === null) return null;
  const { statements } = statement.migration;
  const suffixes = new Map<LintStatement, string>();
  const gone = new Set<LintStatement>();
  for (const one of statements) {
    const [bulk] = bulkWritesOf(one, facts);
    if (bulk === undefined) continue;
    const found = defaultFor(one, bulk, facts);
    if (found === null || suffixes.has(found.added)) return null;
    const required = statements.find((other) => isSetNotNull(other, bulk.relation, found.column));
    gone.add(one);
    if (required !== undefined) gone.add(required);
    suffixes.set(found.added, ` DEFAULT ${valueText(one)}${required === undefined ? '' : ' NOT NULL'}`);
  }
  // Where no row is written, there is nothing to count anew.
  const kept = statements.filter((one) => !one.nested && !gone.has(one) && !isAnalyze(one));
  const texts = kept.map((one) => {
    const suffix = suffixes.get(one);
    return suffix === undefined ? one : { ...one, text: rewritten(one, [append(one, suffix)]).slice(0, -1) };
  });
  return { title: 'this migration', sql: joinStatements(texts) };
}

/** The ADD COLUMN to which the UPDATE could be a DEFAULT. */
function defaultFor(
  statement: LintStatement,
  { node, verb, relation }: BulkWrite,
  facts: SchemaFacts,
): { readonly added: LintStatement; readonly column: string } | null {
  if (node === null || verb !== 'UPDATE' || statement.nested) return null;
  const { targetList = [], whereClause, fromClause } = node as NodeOf<'UpdateStmt'>;
  const [target, ...more] = targetList;
  if (target === undefined || !('ResTarget' in target) || more.length > 0 || fromClause !== undefined)
    return null;
  const { name: column, val, indirection } = target.ResTarget;
  if (column === undefined || val === undefined || indirection !== undefined || isVolatile(val) !== false)
    return null;
  const known = facts.table(relation)?.columns.get(column);
  const added = known?.born ?? null;
  if (added === null || known?.hasDefault || added.migration !== statement.migration || added.nested)
    return null;
  if (alterTableCommands(added.node).length !== 1) return null;
  if (whereClause !== undefined && !isMissing(whereClause, column)) return null;
  return { added, column };
}

function isMissing(where: NonNullable<NodeOf<'UpdateStmt'>['whereClause']>, column: string): boolean {
  if (!('NullTest' in where) || where.NullTest.nulltesttype !== 'IS_NULL') return false;
  const { arg } = where.NullTest;
  const last = arg !== undefined && 'ColumnRef' in arg ? arg.ColumnRef.fields?.at(-1) : undefined;
  return last !== undefined && 'String' in last && last.String.sval === column;
}

function isSetNotNull(one: LintStatement, relation: BulkWrite['relation'], column: string): boolean {
  const [command, ...others] = alterTableCommands(one.node);
  if (command === undefined || others.length > 0 || one.nested) return false;
  const isTable = keyOfName(nameOfRelation(command.relation)) === keyOfName(relation);
  return isTable && command.subtype === 'AT_SetNotNull' && command.name === column;
}

/** What stands behind the `=` of SET. */
function valueText(statement: LintStatement): string {
  const condition = conditionSpan(statement);
  const tokens = statement.tokens().filter(({ comment, end }) => !comment && end <= condition.start);
  const set = tokens.findIndex(({ keyword }) => keyword === 'set');
  const from = tokens.findIndex(({ text }, place) => place > set && text === '=') + 1;
  const values = tokens.slice(from).filter(({ keyword }) => keyword !== 'where');
  const [first] = values;
  return statement.migration.sql.slice(first?.start ?? 0, values.at(-1)?.end ?? 0);
}
