import type { NodeOf } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { inParentheses } from './sql-pieces.ts';

/** The columns by which a table is partitioned; null where that is not known, or is by an expression. */
export function partitionKey(parent: QualifiedName, facts: SchemaFacts): readonly string[] | null {
  const node = facts.table(parent)?.born?.node;
  const params =
    node !== undefined && 'CreateStmt' in node ? node.CreateStmt.partspec?.partParams : undefined;
  const columns = (params ?? []).flatMap((param) =>
    'PartitionElem' in param ? [param.PartitionElem.name ?? null] : [],
  );
  const named = columns.filter((column) => column !== null);
  return columns.length === 0 || named.length < columns.length ? null : named;
}

/**
 * What the bound says of its one column, as PostgreSQL's prover understands it; null for the default partition, for
 * hashes, and for bounds of several columns. The statement is as `standalone` gives it.
 */
export function boundCondition(
  own: LintStatement,
  bound: NodeOf<'PartitionBoundSpec'>,
  key: readonly string[] | null,
): string | null {
  const [column, ...others] = key ?? [];
  if (column === undefined || others.length > 0 || bound.is_default === true) return null;
  const name = quoteIdentifier(column);
  const tokens = own.tokens().filter(({ start }) => start >= own.offsetOf(bound.location));
  const behind = (keyword: string): string | null => {
    const place = tokens.findIndex((token) => token.keyword === keyword);
    return place === -1 ? null : (inParentheses(own, tokens.slice(place))?.text ?? null);
  };
  if (bound.strategy === 'r') {
    const [from, to] = [behind('from'), behind('to')];
    const [lower] = bound.lowerdatums ?? [];
    const [upper] = bound.upperdatums ?? [];
    if (from === null || to === null || lower === undefined || upper === undefined) return null;
    return [
      `${name} IS NOT NULL`,
      ...('ColumnRef' in lower ? [] : [`${name} >= ${from}`]),
      ...('ColumnRef' in upper ? [] : [`${name} < ${to}`]),
    ].join(' AND ');
  }
  if (bound.strategy !== 'l') return null;
  const values = bound.listdatums ?? [];
  const isNull = (value: (typeof values)[number]) => 'A_Const' in value && value.A_Const.isnull === true;
  const list = behind('in');
  // A list that holds NULL among others would have to be taken apart.
  if (list === null || values.some(isNull)) return null;
  return `${name} IS NOT NULL AND ${name} IN (${list})`;
}
