import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { readTypeName, type SqlType } from './sql-type.ts';

/** `unknown`: a column of which the facts do not tell; null: no column of a table, so far as can be told. */
export type ScopeType = SqlType | 'unknown' | null;

/** The columns that a statement can name. */
export type ColumnScope = {
  typeOf(reference: NodeOf<'ColumnRef'>): ScopeType;
  typeOfColumn(relation: QualifiedName, column: string): ScopeType;
};

type Named = { readonly name: QualifiedName; readonly alias: string };

/** All relations of the statement count as one scope: what is nested deeper is not told apart. */
export function columnScope(node: ParseNode, facts: SchemaFacts): ColumnScope {
  const hidden = new Set(withNames(node));
  const relations = [...relationsIn(node)]
    .filter(({ schemaname, relname }) => schemaname !== undefined || !hidden.has(relname ?? ''))
    .map((relation): Named => {
      return { name: nameOfRelation(relation), alias: relation.alias?.aliasname ?? relation.relname ?? '' };
    });
  const own = new Map(ownColumns(node));
  const typeOfColumn = (relation: QualifiedName, column: string): ScopeType => {
    const table = facts.table(relation);
    const known = table?.columns.get(column);
    if (known !== undefined) return known.type ?? 'unknown';
    return own.get(column) ?? (table?.complete ? null : 'unknown');
  };
  return {
    typeOfColumn,
    typeOf({ fields = [] }) {
      const names = fields.map((field) => ('String' in field ? (field.String.sval ?? '') : null));
      const column = names.at(-1);
      if (column === null || column === undefined) return null;
      const qualifier = names.at(-2);
      const candidates =
        qualifier === undefined || qualifier === null || ROWS.has(qualifier)
          ? relations
          : relations.filter(({ alias }) => alias === qualifier);
      const types = candidates.map(({ name }) => typeOfColumn(name, column));
      return (
        types.find((type) => type !== null && type !== 'unknown') ??
        types.find((type) => type !== null) ??
        null
      );
    },
  };
}

/** Names by which triggers, rules and ON CONFLICT speak of a row. */
const ROWS: ReadonlySet<string> = new Set(['new', 'old', 'excluded']);

function* relationsIn(tree: unknown): Generator<RangeVar> {
  if (typeof tree !== 'object' || tree === null) return;
  if ('relname' in tree) yield tree as RangeVar;
  else for (const value of Object.values(tree)) yield* relationsIn(value);
}

function* withNames(tree: unknown): Generator<string> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === 'CommonTableExpr') yield value?.ctename ?? '';
    yield* withNames(value);
  }
}

/** A CREATE TABLE names columns that are not there yet. */
function* ownColumns(node: ParseNode): Generator<[string, SqlType]> {
  const elements =
    'CreateStmt' in node
      ? (node.CreateStmt.tableElts ?? [])
      : 'AlterTableStmt' in node
        ? (node.AlterTableStmt.cmds ?? []).flatMap((cmd) =>
            'AlterTableCmd' in cmd && cmd.AlterTableCmd.subtype === 'AT_AddColumn'
              ? (cmd.AlterTableCmd.def ?? [])
              : [],
          )
        : [];
  for (const element of elements) {
    if (!('ColumnDef' in element) || element.ColumnDef.typeName === undefined) continue;
    yield [element.ColumnDef.colname ?? '', readTypeName(element.ColumnDef.typeName)];
  }
}
