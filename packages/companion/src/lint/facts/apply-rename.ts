import type { NodeOf } from '../../sql/parser.ts';
import { tableOf } from './apply-drop.ts';
import { backedBy, backingIndex, renameIndex } from './backing-index.ts';
import { keyOfName, nameOfParts, nameOfRelation, type QualifiedName } from './names.ts';
import { moveRelationIn, renameColumnIn } from './rename-in.ts';
import { keyOfObject, type SchemaState } from './schema-facts.ts';

/** Makes a RENAME count. */
export function applyRename(state: SchemaState, node: NodeOf<'RenameStmt'>): void {
  const { renameType, relation, object, newname = '', subname = '' } = node;
  switch (renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_FOREIGN_TABLE':
      if (relation !== undefined) moveTable(state, nameOfRelation(relation), { name: newname });
      return;
    case 'OBJECT_COLUMN':
      if (relation !== undefined) renameColumn(state, nameOfRelation(relation), subname, newname);
      return;
    case 'OBJECT_TABCONSTRAINT':
      if (relation !== undefined) renameConstraint(state, nameOfRelation(relation), subname, newname);
      return;
    case 'OBJECT_INDEX':
      if (relation !== undefined) renameIndexOrKey(state, nameOfRelation(relation), newname);
      return;
    case 'OBJECT_TYPE':
      if (object !== undefined && 'List' in object)
        moveEnum(state, nameOfParts(object.List.items), { name: newname });
      return;
    default:
      return;
  }
}

/** Makes ALTER … SET SCHEMA count. */
export function applySetSchema(
  state: SchemaState,
  { objectType, relation, object, newschema = '' }: NodeOf<'AlterObjectSchemaStmt'>,
): void {
  if (objectType === 'OBJECT_TABLE' && relation !== undefined) {
    moveTable(state, nameOfRelation(relation), { schema: newschema });
  } else if (objectType === 'OBJECT_TYPE' && object !== undefined && 'List' in object) {
    moveEnum(state, nameOfParts(object.List.items), { schema: newschema });
  }
}

function moveTable(state: SchemaState, from: QualifiedName, change: Partial<QualifiedName>): void {
  const table = state.tables.get(keyOfName(from));
  if (table === undefined) return;
  const to = { ...table.name, ...change };
  state.tables.delete(keyOfName(from));
  state.tables.set(keyOfName(to), { ...table, name: to });
  const isOld = (name: QualifiedName | null): boolean => name !== null && keyOfName(name) === keyOfName(from);
  for (const index of state.indexes.values()) if (isOld(index.table)) index.table = to;
  for (const other of state.tables.values()) {
    if (isOld(other.partitionOf)) other.partitionOf = to;
    if (other.query !== null) other.query = moveRelationIn(other.query, from, to);
    for (const constraint of other.constraints.values()) {
      if (isOld(constraint.references)) constraint.references = to;
    }
  }
  for (const [key, object] of [...state.objects]) {
    const { kind, name } = object;
    if ((kind !== 'policy' && kind !== 'trigger') || !isOld(tableOf(name))) continue;
    const moved = { ...name, ...to, name: `${to.name}${name.name.slice(tableOf(name).name.length)}` };
    state.objects.delete(key);
    state.objects.set(keyOfObject(kind, moved), { ...object, name: moved });
  }
}

function moveEnum(state: SchemaState, from: QualifiedName, change: Partial<QualifiedName>): void {
  const known = state.enums.get(keyOfName(from));
  if (known === undefined) return;
  state.enums.delete(keyOfName(from));
  const to = { ...known.name, ...change };
  state.enums.set(keyOfName(to), { ...known, name: to });
  for (const { columns } of state.tables.values()) {
    for (const column of columns.values()) {
      // A column's type follows its type's name, as it does in the catalog.
      if (column.type !== null && keyOfName(column.type) === keyOfName(from))
        column.type = { ...column.type, ...to };
    }
  }
}

function renameColumn(state: SchemaState, name: QualifiedName, from: string, to: string): void {
  const table = state.tables.get(keyOfName(name));
  if (table === undefined) return;
  const rename = (column: string): string => (column === from ? to : column);
  table.columns = new Map(
    [...table.columns.values()].map((it) => {
      const generatedFrom = renameColumnIn(it.generatedFrom, from, to);
      return [rename(it.name), { ...it, name: rename(it.name), generatedFrom }];
    }),
  );
  for (const constraint of table.constraints.values()) {
    constraint.columns = constraint.columns.map(rename);
    constraint.notNull = constraint.notNull.map(rename);
    constraint.expression = renameColumnIn(constraint.expression, from, to);
  }
  for (const index of state.indexes.values()) {
    if (keyOfName(index.table) !== keyOfName(name)) continue;
    index.columns = index.columns.map((column) => (column === null ? null : rename(column)));
    index.expressions = renameColumnIn(index.expressions, from, to);
  }
  for (const object of state.objects.values()) {
    if (object.expressions.length === 0 || keyOfName(tableOf(object.name)) !== keyOfName(name)) continue;
    object.expressions = renameColumnIn(object.expressions, from, to);
  }
}

/** With its index, where it took one over: the two have one name. */
function renameConstraint(state: SchemaState, name: QualifiedName, from: string, to: string): void {
  const table = state.tables.get(keyOfName(name));
  const constraint = table?.constraints.get(from);
  if (table === undefined || constraint === undefined) return;
  const index = backingIndex(state, table, from);
  table.constraints.delete(from);
  table.constraints.set(to, { ...constraint, name: to });
  if (index !== null) renameIndex(state, index.name, to);
}

/** With the constraint that it backs: one that took it over, or one that PostgreSQL made it for. */
function renameIndexOrKey(state: SchemaState, from: QualifiedName, to: string): void {
  const backed = backedBy(from, state.tables.values());
  if (backed === null) renameIndex(state, from, to);
  else renameConstraint(state, backed.table.name, from.name, to);
}
