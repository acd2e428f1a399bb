import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import { keyOfName, nameOfParts, type QualifiedName } from './names.ts';
import { lock, type RelationLock, sourcesOf, targetsOf, withPartitions } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

/** The locks of DROP: on what goes, and on the tables that lose a trigger, an index or a column by it. */
export function dropLocks(
  { objects = [], removeType, behavior, concurrent }: NodeOf<'DropStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  const cascades = behavior === 'DROP_CASCADE';
  return objects.flatMap((object): readonly RelationLock[] => {
    const parts = partsOf(object);
    const name = nameOfParts(parts);
    switch (removeType) {
      case 'OBJECT_TABLE':
        return tableLocks(name, facts, cascades);
      case 'OBJECT_FOREIGN_TABLE':
      case 'OBJECT_MATVIEW':
      case 'OBJECT_VIEW':
        return [lock(name, 'AccessExclusive')];
      case 'OBJECT_INDEX': {
        const index = facts.index(name);
        if (index === null) return [];
        const mode = concurrent ? 'ShareUpdateExclusive' : 'AccessExclusive';
        // A foreign key may rest on a unique index, and goes with it.
        const sources = cascades && index.unique ? sourcesOf(index.table, facts) : [];
        return [...withPartitions(index.table, facts), ...sources].map((one) => lock(one, mode));
      }
      case 'OBJECT_TRIGGER':
        // A trigger for each row has copies on the partitions; which kind it is the facts do not say.
        return withPartitions(nameOfParts(parts.slice(0, -1)), facts).map((one) =>
          lock(one, 'AccessExclusive'),
        );
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE':
        return [lock(nameOfParts(parts.slice(0, -1)), 'AccessExclusive')];
      case 'OBJECT_SCHEMA':
        return cascades ? schemaLocks(name.name, facts) : [];
      case 'OBJECT_TYPE':
      case 'OBJECT_DOMAIN':
        return cascades ? tablesWithType(name, facts).map((one) => lock(one, 'AccessExclusive')) : [];
      default:
        return [];
    }
  });
}

/** TRUNCATE … CASCADE goes on to the tables whose foreign keys point here, and from there on. */
export function truncateLocks(
  names: readonly QualifiedName[],
  facts: SchemaFacts,
  behavior: NodeOf<'TruncateStmt'>['behavior'],
): readonly RelationLock[] {
  const reached = new Map(names.map((name) => [keyOfName(name), name]));
  // A Map that grows while it is walked is walked to its end.
  for (const name of reached.values()) {
    if (behavior !== 'DROP_CASCADE') break;
    for (const source of sourcesOf(name, facts)) reached.set(keyOfName(source), source);
  }
  return [...reached.values()].map((name) => lock(name, 'AccessExclusive'));
}

/** The tables with a column of the type; columns whose type is not known do not count. */
export function tablesWithType(type: QualifiedName, facts: SchemaFacts): readonly QualifiedName[] {
  const key = keyOfName(type);
  return [...facts.tables()]
    .filter(({ kind, columns }) => {
      const types = [...columns.values()].map((column) => column.type);
      return kind === 'table' && types.some((one) => one !== null && keyOfName(one) === key);
    })
    .map(({ name }) => name);
}

function tableLocks(name: QualifiedName, facts: SchemaFacts, cascades: boolean): readonly RelationLock[] {
  const gone = withPartitions(name, facts);
  const tables = gone.map((one) => facts.table(one));
  const parent = tables[0]?.partitionOf ?? null;
  const keys = tables.flatMap((table) => [...(table?.constraints.values() ?? [])]);
  const sources = cascades ? gone.flatMap((one) => sourcesOf(one, facts)) : [];
  return [...gone, ...(parent === null ? [] : [parent]), ...targetsOf(keys, facts), ...sources].map((one) =>
    lock(one, 'AccessExclusive'),
  );
}

function schemaLocks(schema: string, facts: SchemaFacts): readonly RelationLock[] {
  return [...facts.tables()]
    .filter(({ name }) => (name.schema ?? 'public') === schema)
    .flatMap(({ name }) => tableLocks(name, facts, true));
}

function partsOf(object: ParseNode): readonly ParseNode[] {
  if ('List' in object) return object.List.items ?? [];
  return 'TypeName' in object ? (object.TypeName.names ?? []) : [object];
}
