import { type AlterCommand, columnOf } from './alter-commands.ts';
import { columnRefs } from './column-refs.ts';
import { nameOfRelation } from './names.ts';
import type { LockWork } from './relation-lock.ts';
import type { SchemaFacts, TableFacts } from './schema-facts.ts';
import { readTypeName, type SqlType } from './sql-type.ts';
import { compareTypes, rebuildsIndexes } from './type-change.ts';

/** What ALTER COLUMN … TYPE does to the table. Unless both types are known to be kin, a rewrite. */
export function workOfTypeChange(command: AlterCommand, facts: SchemaFacts): LockWork {
  const table = facts.table(nameOfRelation(command.relation));
  const column = command.name ?? '';
  const from = table?.columns.get(column)?.type ?? null;
  const definition = columnOf(command);
  const to = definition?.typeName === undefined ? null : readTypeName(definition.typeName);
  if (table === null || from === null || to === null) return 'rewrite';
  const cost = compareTypes(from, to, { using: definition?.raw_default, column, facts });
  if (cost !== 'same' && cost !== 'catalog') return 'rewrite';
  const isCollated = definition?.collClause !== undefined;
  if (indexesBuilt(table, column, { facts, from, to, isCollated }).length > 0) return 'build';
  return checksProven(table, column).length > 0 ? 'scan' : 'brief';
}

type Change = {
  readonly facts: SchemaFacts;
  readonly from: SqlType;
  readonly to: SqlType;
  /** Is a collation written with the new type? The facts do not know the old one. */
  readonly isCollated: boolean;
};

/** Names of indexes, and of constraints with an index, that are built anew even where the table is not. */
export function indexesBuilt(
  { name: table, constraints }: TableFacts,
  column: string,
  { facts, from, to, isCollated }: Change,
): readonly string[] {
  const orders = isCollated || rebuildsIndexes(from, to, facts);
  const keys = [...constraints.values()].filter(({ kind, columns }) => {
    const isKey = kind === 'primary key' || kind === 'unique';
    // What an exclusion constraint is over was not read.
    return kind === 'exclusion' || (isKey && orders && columns.includes(column));
  });
  const indexes = facts
    .indexesOf(table)
    .filter(
      ({ columns, expressions }) =>
        (orders && columns.includes(column)) || columnRefs(expressions).includes(column),
    );
  return [...keys.map(({ name }) => name), ...indexes.map(({ name }) => name.name)];
}

/** Names of CHECKs that are proven anew. One that is NOT VALID stays so. */
export function checksProven({ constraints }: TableFacts, column: string): readonly string[] {
  return [...constraints.values()].flatMap(({ kind, name, validated, expression }) => {
    const mayName = expression === null || columnRefs(expression).includes(column);
    return kind === 'check' && validated && mayName ? [name] : [];
  });
}
