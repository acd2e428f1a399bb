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
  if (buildsIndexes(table, column, { facts, from, to })) return 'build';
  return isChecked(table, column) ? 'scan' : 'brief';
}

type Change = { readonly facts: SchemaFacts; readonly from: SqlType; readonly to: SqlType };

function buildsIndexes(table: TableFacts, column: string, { facts, from, to }: Change): boolean {
  const keys = [...table.constraints.values()].filter(
    ({ kind }) => kind === 'primary key' || kind === 'unique',
  );
  const others = [...table.constraints.values()].filter(({ kind }) => kind === 'exclusion');
  const indexes = facts.indexesOf(table.name);
  const plain = [...keys, ...indexes].some(({ columns }) => columns.includes(column));
  if (plain && rebuildsIndexes(from, to, facts)) return true;
  return others.length > 0 || indexes.some(({ expressions }) => columnRefs(expressions).includes(column));
}

/** A CHECK that names the column is proven anew. */
function isChecked({ constraints }: TableFacts, column: string): boolean {
  return [...constraints.values()].some(
    ({ kind, expression }) =>
      kind === 'check' && (expression === null || columnRefs(expression).includes(column)),
  );
}
