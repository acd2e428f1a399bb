import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteName } from '../facts/names.ts';
import { integerOfSerial } from '../facts/serial-types.ts';
import { readTypeName } from '../facts/sql-type.ts';
import type { Edit, RuleContext } from '../rule.ts';
import { type AddedColumn, type ColumnText, constraintOfKind } from './added-columns.ts';
import { fillColumn, requireColumns } from './fill-column.ts';
import { laterMigration } from './later-migration.ts';
import { titleOutside } from './own-migration.ts';

/** A column that is added empty, and how it comes by its values. */
export type EmptyColumn = {
  readonly column: AddedColumn;
  /** SQL for the rows that are there. */
  readonly value: string;
  /** As `fillColumn` has it. */
  readonly missing?: string;
  /** Edits of the ALTER TABLE beside what is taken from it, such as another type. */
  readonly edits?: readonly Edit[];
  /** What gives new rows their value: statements before the ALTER TABLE, commands at its end, statements behind it. */
  readonly before?: readonly string[];
  readonly commands?: readonly string[];
  readonly after?: readonly string[];
  /** Statements of the migration after the last, where more has to change once every row has its value. */
  readonly last?: readonly string[];
};

/** Without these PostgreSQL has nothing to write: they come when the rows are filled, or never. */
const TAKEN = [
  'CONSTR_DEFAULT',
  'CONSTR_GENERATED',
  'CONSTR_IDENTITY',
  'CONSTR_NOTNULL',
  'CONSTR_PRIMARY',
] as const;

/** The ALTER TABLE with its columns added empty, then filled in batches, then required as they were to be. */
export function addInSteps(
  text: ColumnText,
  columns: readonly EmptyColumn[],
  { facts, postgresVersion, runner }: RuleContext,
): readonly Rewrite[] {
  const [first] = columns;
  if (first === undefined) return [];
  const { table } = first.column;
  const added = columns.map(({ column }) => column);
  const commands = columns.flatMap((column) => column.commands ?? []);
  const altered = text.without(added, TAKEN, [
    ...columns.flatMap(({ edits = [] }) => edits),
    ...commands.map((command) => ({ start: text.end, end: text.end, text: `, ${command}` })),
  ]);
  const here = [
    ...columns.flatMap(({ before = [] }) => before),
    altered,
    ...columns.flatMap(({ after = [] }) => after),
  ];
  const required = added.filter(isRequired).map(({ name }) => name);
  const last = columns.flatMap((column) => column.last ?? []);
  const key = added.find(({ definition }) => constraintOfKind(definition, 'CONSTR_PRIMARY') !== null);
  return [
    { title: 'this migration', sql: here.join('\n') },
    ...columns.map(({ column: { name: column }, value, ...rest }) =>
      fillColumn({ table, column, value, ...(rest.missing && { missing: rest.missing }) }, facts),
    ),
    ...requireColumns({ head: text.head, table, columns: required }, { postgresVersion, runner }),
    ...(last.length === 0 ? [] : [{ title: laterMigration(runner), sql: last.join('\n') }]),
    ...(key === undefined ? [] : keyLater(text.head, key, runner)),
  ];
}

function isRequired({ definition }: AddedColumn): boolean {
  const type = definition.typeName === undefined ? null : readTypeName(definition.typeName);
  if (type !== null && integerOfSerial(type) !== null) return true;
  const kinds = ['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'] as const;
  return kinds.some((kind) => constraintOfKind(definition, kind) !== null);
}

function keyLater(head: string, { table, name }: AddedColumn, runner: RuleContext['runner']): Rewrite[] {
  const key = quoteIdentifier(`${table.name}_pkey`);
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${key} ON ${quoteName(table)} (${quoteIdentifier(name)});`;
  return [
    { title: titleOutside(runner), sql: index },
    {
      title: laterMigration(runner),
      sql: `${head}ADD CONSTRAINT ${key} PRIMARY KEY USING INDEX ${key};`,
    },
  ];
}
