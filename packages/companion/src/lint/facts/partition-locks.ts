import type { LockMode } from '../../kernel/lock-modes.ts';
import type { RangeVar } from '../../sql/parser.ts';
import type { AlterCommand } from './alter-commands.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import {
  type LockWork,
  lock,
  type RelationLock,
  sourcesOf,
  targetsOf,
  withPartitions,
} from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

/**
 * What ATTACH and DETACH PARTITION lock beside the parent: the partition, and the tables at the other ends of the
 * parent's foreign keys. The default partition, if there is one, is locked like the partition, and on ATTACH
 * read; which one it is the facts do not say.
 */
export function partitionLocks({ def, subtype, relation }: AlterCommand, facts: SchemaFacts): RelationLock[] {
  const change = def !== undefined && 'PartitionCmd' in def ? def.PartitionCmd : undefined;
  if (change?.name === undefined) return [];
  const parent = nameOfRelation(relation);
  const partition = nameOfRelation(change.name);
  if (subtype !== 'AT_AttachPartition') {
    return [
      ...below(partition, facts, 'AccessExclusive'),
      ...outgoing(parent, facts, 'ShareRowExclusive'),
      ...incoming(parent, facts, 'AccessExclusive'),
    ];
  }
  return [
    ...below(partition, facts, 'AccessExclusive'),
    ...outgoing(parent, facts, 'ShareRowExclusive'),
    ...incoming(parent, facts, 'ShareRowExclusive'),
    lock(parent, 'ShareUpdateExclusive'),
  ].map((one) => ({ ...one, work: workOfAttaching(parent, partition, facts) }));
}

/** All rows of the partition are read, to prove that they belong there; indexes that it lacks are built. */
function workOfAttaching(parent: QualifiedName, partition: QualifiedName, facts: SchemaFacts): LockWork {
  const there = new Set(indexShapes(partition, facts));
  return indexShapes(parent, facts).every((shape) => there.has(shape)) ? 'scan' : 'build';
}

function indexShapes(table: QualifiedName, facts: SchemaFacts): readonly string[] {
  const keys = [...(facts.table(table)?.constraints.values() ?? [])]
    .filter(({ kind }) => kind === 'primary key' || kind === 'unique')
    .map(({ columns }) => ({ unique: true, columns }));
  return [...facts.indexesOf(table), ...keys].map(({ unique, columns }) => JSON.stringify([unique, columns]));
}

/** CREATE TABLE … PARTITION OF, for the parent and what its foreign keys tie it to. */
export function newPartitionLocks(parent: RangeVar, facts: SchemaFacts): RelationLock[] {
  const name = nameOfRelation(parent);
  return [
    lock(name, 'AccessExclusive'),
    ...outgoing(name, facts, 'ShareRowExclusive'),
    ...incoming(name, facts, 'ShareRowExclusive'),
  ];
}

function below(name: QualifiedName, facts: SchemaFacts, mode: LockMode): RelationLock[] {
  return withPartitions(name, facts).map((one) => lock(one, mode));
}

function outgoing(name: QualifiedName, facts: SchemaFacts, mode: LockMode): RelationLock[] {
  return targetsOf(facts.table(name)?.constraints.values() ?? [], facts).map((one) => lock(one, mode));
}

function incoming(name: QualifiedName, facts: SchemaFacts, mode: LockMode): RelationLock[] {
  return sourcesOf(name, facts).map((one) => lock(one, mode));
}
