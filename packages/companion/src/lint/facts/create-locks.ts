import type { NodeOf } from '../../sql/parser.ts';
import { constraintsOf } from './alter-commands.ts';
import { newKeyLocks } from './foreign-key-locks.ts';
import { keyOfName, nameOfRelation } from './names.ts';
import { newPartitionLocks } from './partition-locks.ts';
import { queryLocks, storedQueryLocks } from './query-locks.ts';
import { lock, type RelationLock, reachOf } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

// What is being made nobody else can wait for: it does not count.

export function createTableLocks(
  {
    relation,
    inhRelations = [],
    partbound,
    tableElts = [],
    if_not_exists,
    constraints = [],
  }: NodeOf<'CreateStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  if (relation === undefined) return [];
  const made = nameOfRelation(relation);
  if (if_not_exists && facts.table(made) !== null) return [];
  const above = inhRelations.flatMap((parent) => {
    if (!('RangeVar' in parent)) return [];
    return partbound === undefined
      ? [lock(nameOfRelation(parent.RangeVar), 'ShareUpdateExclusive')]
      : newPartitionLocks(parent.RangeVar, facts);
  });
  const beside = [...tableElts, ...constraints].flatMap((element) => {
    if ('ColumnDef' in element) {
      return constraintsOf(element.ColumnDef).flatMap((one) => newKeyLocks(one, facts, 'brief'));
    }
    if ('Constraint' in element) return newKeyLocks(element.Constraint, facts, 'brief');
    const source = 'TableLikeClause' in element ? element.TableLikeClause.relation : undefined;
    return source === undefined ? [] : [lock(nameOfRelation(source), 'AccessShare')];
  });
  return [...above, ...beside].filter((one) => keyOfName(one.relation) !== keyOfName(made));
}

export function createTableAsLocks(
  { query, into }: NodeOf<'CreateTableAsStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  return into?.skipData ? storedQueryLocks(query) : queryLocks(query, facts);
}

export function createIndexLocks(
  { relation, concurrent, if_not_exists, idxname }: NodeOf<'IndexStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  if (relation === undefined) return [];
  const there = idxname !== undefined && facts.index({ ...nameOfRelation(relation), name: idxname }) !== null;
  // On a partitioned table alone, the index has nothing to hold yet.
  const empty = !relation.inh && facts.table(nameOfRelation(relation))?.partitioned;
  const work = (if_not_exists && there) || empty ? 'brief' : 'build';
  const mode = concurrent ? 'ShareUpdateExclusive' : 'Share';
  return reachOf(relation, facts).map((name) => lock(name, mode, work));
}

/** A trigger for each row is copied to the partitions. */
export function createTriggerLocks(
  { relation, row, constrrel }: NodeOf<'CreateTrigStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  if (relation === undefined) return [];
  const names = row ? reachOf(relation, facts) : [nameOfRelation(relation)];
  return [
    ...names.map((name) => lock(name, 'ShareRowExclusive')),
    ...(constrrel === undefined ? [] : [lock(nameOfRelation(constrrel), 'AccessShare')]),
  ];
}

export function createViewLocks({ view, replace, query }: NodeOf<'ViewStmt'>): readonly RelationLock[] {
  const replaced = view !== undefined && replace ? [lock(nameOfRelation(view), 'AccessExclusive')] : [];
  return [...replaced, ...storedQueryLocks(query)];
}
