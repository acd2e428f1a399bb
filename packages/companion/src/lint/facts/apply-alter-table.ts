import type { LintStatement } from '../migration.ts';
import { type AlterCommand, columnOf, constraintOf } from './alter-commands.ts';
import { backingIndex, takeOverIndex } from './backing-index.ts';
import { addColumn, addConstraint, emptyTable } from './build-table.ts';
import { columnRefs } from './column-refs.ts';
import { keyOfName, nameOfRelation } from './names.ts';
import type { SchemaState, TableFacts } from './schema-facts.ts';
import { readTypeName } from './sql-type.ts';

/** Makes one command of an ALTER TABLE count. */
export function applyAlterTable(state: SchemaState, statement: LintStatement, command: AlterCommand): void {
  const table = knownTable(state, command);
  const column = table.columns.get(command.name ?? '');
  const definition = columnOf(command);
  const constraint = constraintOf(command);
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (definition === null) return;
      // IF NOT EXISTS leaves a column as it is.
      if (command.missing_ok === true && table.columns.has(definition.colname ?? '')) return;
      addColumn(table, definition, statement);
      return;
    case 'AT_DropColumn':
      dropColumn(state, table, command.name ?? '');
      return;
    case 'AT_AlterColumnType':
      if (column !== undefined && definition?.typeName !== undefined)
        column.type = readTypeName(definition.typeName);
      return;
    case 'AT_ColumnDefault':
      if (column !== undefined) {
        column.hasDefault = command.def !== undefined;
        column.default = command.def ?? null;
      }
      return;
    case 'AT_DropExpression':
      if (column !== undefined) Object.assign(column, { generated: false, generatedFrom: null });
      return;
    case 'AT_SetExpression':
      if (column !== undefined) column.generatedFrom = command.def ?? null;
      return;
    case 'AT_SetNotNull':
      if (column !== undefined) column.notNull = true;
      return;
    case 'AT_DropNotNull':
      if (column !== undefined) column.notNull = false;
      return;
    case 'AT_AddConstraint':
      if (constraint === null) return;
      addConstraint(table, {
        node: takeOverIndex(state, table, constraint),
        column: null,
        born: statement,
      });
      return;
    case 'AT_ValidateConstraint':
      validate(table, command.name ?? '', statement);
      return;
    case 'AT_DropConstraint':
      dropConstraint(state, table, command.name ?? '');
      return;
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      partition(state, command, command.subtype === 'AT_AttachPartition' ? table : null);
      return;
    default:
      return;
  }
}

/** An index that it took over goes with it. */
function dropConstraint(state: SchemaState, table: TableFacts, name: string): void {
  const index = backingIndex(state, table, name);
  if (index !== null) state.indexes.delete(keyOfName(index.name));
  table.constraints.delete(name);
}

/** A table that is altered is there, whether or not we saw it made. */
function knownTable(state: SchemaState, { relation }: AlterCommand): TableFacts {
  const name = nameOfRelation(relation);
  const known = state.tables.get(keyOfName(name)) ?? emptyTable(name, null);
  state.tables.set(keyOfName(name), known);
  return known;
}

/** PostgreSQL drops the constraints and indexes that use the column with it. */
function dropColumn(state: SchemaState, table: TableFacts, column: string): void {
  table.columns.delete(column);
  for (const [name, { columns, expression }] of table.constraints) {
    if (columns.includes(column) || columnRefs(expression).includes(column)) table.constraints.delete(name);
  }
  for (const [key, index] of state.indexes) {
    if (keyOfName(index.table) !== keyOfName(table.name)) continue;
    if (index.columns.includes(column) || columnRefs(index.expressions).includes(column))
      state.indexes.delete(key);
  }
}

function validate(table: TableFacts, name: string, statement: LintStatement): void {
  const constraint = table.constraints.get(name);
  if (constraint === undefined || constraint.validated) return;
  constraint.validated = true;
  constraint.validatedBy = statement;
  if (constraint.kind !== 'not null') return;
  for (const column of constraint.columns) {
    const known = table.columns.get(column);
    if (known !== undefined) known.notNull = true;
  }
}

function partition(state: SchemaState, { def }: AlterCommand, parent: TableFacts | null): void {
  const relation = def !== undefined && 'PartitionCmd' in def ? def.PartitionCmd.name : undefined;
  const child = relation === undefined ? undefined : state.tables.get(keyOfName(nameOfRelation(relation)));
  if (child !== undefined) child.partitionOf = parent?.name ?? null;
}
