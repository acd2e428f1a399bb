import { parseOne } from '../../sql/parse-tolerantly.ts';
import type { NodeOf, ParseNode, SqlParser } from '../../sql/parser.ts';
import { parseConstraint } from './parse-constraint.ts';

/** Columns of one table, by name. */
export type TableColumns = {
  readonly schema: string | null;
  readonly table: string;
  readonly columns: ReadonlySet<string>;
};

type Owner = { readonly schema: string | null; readonly name: string };

/**
 * The columns that an index, a statistics object or a constraint stands on, in PostgreSQL's rendering of it: those of its own
 * table, and those that a foreign key points to. A constraint's rendering does not say on which table it is: `owner` does. None
 * in what the parser does not know. Pure.
 */
export function columnsOfDefinition(
  definition: string,
  owner: Owner | null,
  parser: SqlParser,
): readonly TableColumns[] {
  const constraint = owner === null ? {} : parseConstraint(definition, parser);
  const node = owner === null ? parseOne(definition, parser) : null;
  const { keys, including, fk_attrs, pk_attrs, pktable } = constraint;
  const table = owner ?? (node && tableOf(node));
  const own = [...columnsIn(node ?? constraint), ...[keys, including, fk_attrs].flatMap(namesOf)];
  return [
    ...(table === null ? [] : [{ schema: table.schema, table: table.name, columns: new Set(own) }]),
    ...(pktable === undefined ? [] : [{ ...toTable(pktable), columns: new Set(namesOf(pk_attrs)) }]),
  ];
}

function tableOf(node: ParseNode): Owner | null {
  const [first] = 'CreateStatsStmt' in node ? (node.CreateStatsStmt.relations ?? []) : [];
  const relation = first !== undefined && 'RangeVar' in first ? first.RangeVar : undefined;
  const { schema, table } = toTable(
    relation ?? ('IndexStmt' in node ? node.IndexStmt.relation : undefined) ?? {},
  );
  return { schema, name: table };
}

function toTable({ schemaname, relname }: NodeOf<'RangeVar'>): { schema: string | null; table: string } {
  return { schema: schemaname ?? null, table: relname ?? '' };
}

function namesOf(nodes: readonly ParseNode[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

/** Columns in expressions, and those that an index or a statistics object names as such. */
function columnsIn(tree: unknown): readonly string[] {
  if (Array.isArray(tree)) return tree.flatMap(columnsIn);
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key === 'ColumnRef') return namesOf(value.fields).slice(-1);
    const isElement = key === 'IndexElem' || key === 'StatsElem';
    return [...(isElement && typeof value.name === 'string' ? [value.name] : []), ...columnsIn(value)];
  });
}
