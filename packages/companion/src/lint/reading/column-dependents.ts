import type { ParseNode, RangeVar, SqlParser } from '../../sql/parser.ts';
import { alterTableCommands, namesOf } from '../facts/alter-commands.ts';
import { tableOf } from '../facts/apply-drop.ts';
import { columnRefs } from '../facts/column-refs.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { Birth, SchemaFacts, TableFacts } from '../facts/schema-facts.ts';
import { typedConstants } from '../facts/typed-constants.ts';
import type { LintStatement } from '../migration.ts';

export type DependentKind =
  | 'view'
  | 'materialized view'
  | 'policy'
  | 'trigger'
  | 'column'
  | 'check'
  | 'index';

/** Something in whose way PostgreSQL refuses to change the type of a column that is an enum. */
export type ColumnDependent = {
  readonly kind: DependentKind;
  /** Of a policy, trigger, CHECK or generated column: its own name, without the table's. */
  readonly name: QualifiedName;
  readonly table: QualifiedName;
  readonly born: Birth;
};

/** What must be dropped before the column can have another type, and made again after it. */
export function columnDependents(
  table: TableFacts,
  column: string,
  facts: SchemaFacts,
  parser: SqlParser,
): readonly ColumnDependent[] {
  const of = table.name;
  const own = (kind: DependentKind, name: string, born: Birth): ColumnDependent => {
    return { kind, name: { schema: null, name }, table: of, born };
  };
  const compares = (expressions: readonly ParseNode[]): boolean =>
    comparesWithConstant(expressions, { table, column }, facts, parser);
  return [
    ...[...facts.tables()].flatMap(({ kind, name, query, born }): ColumnDependent[] =>
      (kind === 'view' || kind === 'materialized view') && reads(query, of, column)
        ? [{ kind, name, table: of, born }]
        : [],
    ),
    ...[...facts.objects()].flatMap(({ kind, name, expressions, born }) => {
      if (kind !== 'policy' && kind !== 'trigger') return [];
      if (keyOfName(tableOf(name)) !== keyOfName(of)) return [];
      const isOn = columnRefs(expressions).includes(column) || firesOn(born).includes(column);
      return isOn ? [own(kind, name.name.slice(tableOf(name).name.length + 1), born)] : [];
    }),
    ...[...table.columns.values()].flatMap(({ name, generatedFrom, born }) =>
      columnRefs(generatedFrom).includes(column) ? [own('column', name, born)] : [],
    ),
    ...[...table.constraints.values()].flatMap(({ name, expression, born }) =>
      expression !== null && compares([expression]) ? [own('check', name, born)] : [],
    ),
    ...facts
      .indexesOf(of)
      .flatMap(({ name, expressions, born }): ColumnDependent[] =>
        compares(expressions) ? [{ kind: 'index', name, table: of, born }] : [],
      ),
  ];
}

/** A constant beside the column is kept as one of the old type, and cannot be compared with the new one. */
function comparesWithConstant(
  expressions: readonly ParseNode[],
  { table, column }: { readonly table: TableFacts; readonly column: string },
  facts: SchemaFacts,
  parser: SqlParser,
): boolean {
  const type = table.columns.get(column)?.type;
  if (!type || !columnRefs(expressions).includes(column)) return false;
  const { schema, name } = table.name;
  const relation = { relname: name, ...(schema === null ? {} : { schemaname: schema }) };
  return expressions.some((whereClause) =>
    typedConstants({ IndexStmt: { relation, whereClause } }, facts, parser).some(
      (constant) => constant.type !== 'unknown' && keyOfName(constant.type) === keyOfName(type),
    ),
  );
}

function reads(query: ParseNode | null, table: QualifiedName, column: string): boolean {
  return query !== null && readsTable(query, table) && (columnRefs(query).includes(column) || hasStar(query));
}

function readsTable(tree: unknown, table: QualifiedName): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('relname' in tree) return keyOfName(nameOfRelation(tree as RangeVar)) === keyOfName(table);
  return Object.values(tree).some((value) => readsTable(value, table));
}

function hasStar(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  return Object.entries(tree).some(([key, value]) => key === 'A_Star' || hasStar(value));
}

/** The columns of UPDATE OF. */
function firesOn(born: Birth): readonly string[] {
  return born !== null && 'CreateTrigStmt' in born.node ? namesOf(born.node.CreateTrigStmt.columns) : [];
}

/** `the view glad`, `the policy own_rows on people`. */
export function showDependent({ kind, name, table }: ColumnDependent): string {
  const isWithin = kind === 'policy' || kind === 'trigger' || kind === 'check' || kind === 'column';
  const word = kind === 'check' ? 'CHECK' : kind === 'column' ? 'generated column' : kind;
  return `the ${word} ${showName(name)}${isWithin ? ` of ${showName(table)}` : ''}`;
}

/** The statement that made it, where the facts still know it as that one. */
export function definitionOf({ kind, name, born }: ColumnDependent): LintStatement | null {
  if (born === null || born.nested || kind === 'column') return null;
  if (kind === 'check' && alterTableCommands(born.node).length !== 1) return null;
  // Renamed since: its own SQL would make it under the old name.
  return born.text.includes(name.name) ? born : null;
}
