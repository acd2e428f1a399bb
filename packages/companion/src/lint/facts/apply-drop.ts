import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import { keyOfName, nameOfParts, type QualifiedName } from './names.ts';
import { keyOfObject, type ObjectKind, type SchemaState } from './schema-facts.ts';

/** What a DROP names, each by its name. Within a table (triggers, policies) the name is `table.name`. */
export function droppedNames({ objects = [], removeType }: NodeOf<'DropStmt'>): readonly QualifiedName[] {
  return objects.map((object) => {
    const parts = partsOf(object);
    if (removeType !== 'OBJECT_TRIGGER' && removeType !== 'OBJECT_POLICY') return nameOfParts(parts);
    const table = nameOfParts(parts.slice(0, -1));
    return { schema: table.schema, name: `${table.name}.${nameOfParts(parts).name}` };
  });
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_FUNCTION: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_EXTENSION: 'extension',
};

/** Makes a DROP count. */
export function applyDrop(state: SchemaState, node: NodeOf<'DropStmt'>): void {
  for (const name of droppedNames(node)) {
    switch (node.removeType) {
      case 'OBJECT_TABLE':
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW':
      case 'OBJECT_FOREIGN_TABLE':
        dropTable(state, name);
        break;
      case 'OBJECT_INDEX':
        state.indexes.delete(keyOfName(name));
        break;
      case 'OBJECT_SCHEMA':
        dropSchema(state, name.name);
        break;
      default:
        if (node.removeType === 'OBJECT_TYPE') state.enums.delete(keyOfName(name));
    }
    const kind = KINDS[node.removeType ?? ''];
    if (kind !== undefined) state.objects.delete(keyOfObject(kind, name));
  }
}

function dropTable(state: SchemaState, name: QualifiedName): void {
  const key = keyOfName(name);
  state.tables.delete(key);
  for (const [object, { kind, name: within }] of state.objects) {
    const isOfTable = (kind === 'policy' || kind === 'trigger') && keyOfName(tableOf(within)) === key;
    if (isOfTable) state.objects.delete(object);
  }
  for (const [index, { table }] of state.indexes) {
    if (keyOfName(table) === key) state.indexes.delete(index);
  }
  for (const { constraints } of state.tables.values()) {
    for (const [constraint, { references }] of constraints) {
      if (references !== null && keyOfName(references) === key) constraints.delete(constraint);
    }
  }
}

/** The table within whose names a trigger or policy has its own. */
export function tableOf({ schema, name }: QualifiedName): QualifiedName {
  return { schema, name: name.slice(0, name.indexOf('.')) };
}

function dropSchema(state: SchemaState, schema: string): void {
  for (const { name } of [...state.tables.values()]) {
    if ((name.schema ?? 'public') === schema) dropTable(state, name);
  }
  for (const [key, { name }] of state.enums) {
    if ((name.schema ?? 'public') === schema) state.enums.delete(key);
  }
}

function partsOf(object: ParseNode): readonly ParseNode[] {
  if ('List' in object) return object.List.items ?? [];
  if ('TypeName' in object) return object.TypeName.names ?? [];
  if ('ObjectWithArgs' in object) return object.ObjectWithArgs.objname ?? [];
  return [object];
}
