import type { NodeOf } from '../../sql/parser.ts';
import { workOfNewConstraint } from './column-work.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import {
  type LockWork,
  lock,
  type RelationLock,
  sourcesOf,
  targetsOf,
  withPartitions,
} from './relation-lock.ts';
import type { ConstraintFacts, SchemaFacts, TableFacts } from './schema-facts.ts';

/** On the table that a new foreign key points to, for as long as the rows are looked up. */
export function newKeyLocks(
  constraint: NodeOf<'Constraint'>,
  facts: SchemaFacts,
  work: LockWork = workOfNewConstraint(constraint),
): readonly RelationLock[] {
  if (constraint.contype !== 'CONSTR_FOREIGN' || constraint.pktable === undefined) return [];
  const target = nameOfRelation(constraint.pktable);
  return withPartitions(target, facts).map((name) => lock(name, 'ShareRowExclusive', work));
}

/** A foreign key hangs by triggers on both its tables: whoever takes it away locks the other one, too. */
export function lostKeyLocks(
  keys: TableKeys,
  facts: SchemaFacts,
  cascades: boolean,
): readonly RelationLock[] {
  const sources = cascades && keys.mayBeTarget ? sourcesOf(keys.table, facts) : [];
  return [...targetsOf(keys.own, facts), ...sources].map((name) => lock(name, 'AccessExclusive'));
}

/** A column that changes its type takes the foreign keys at both ends apart and makes them anew. */
export function remadeKeyLocks(keys: TableKeys, facts: SchemaFacts, work: LockWork): readonly RelationLock[] {
  return lostKeyLocks(keys, facts, true).map((one) => ({ ...one, work: shareOf(work) }));
}

/** How long the table at the other end is locked: no less than the rows of this one are read. */
export function shareOf(work: LockWork): LockWork {
  return work === 'brief' ? 'brief' : 'scan';
}

/** What part of a table has to do with foreign keys. */
export type TableKeys = {
  readonly table: QualifiedName;
  /** The foreign keys themselves; other constraints among them do no harm. */
  readonly own: readonly ConstraintFacts[];
  /** May others point here? To which columns they do, the facts do not say. */
  readonly mayBeTarget: boolean;
};

export function keysOnColumn(table: TableFacts, column: string | undefined, facts: SchemaFacts): TableKeys {
  const has = ({ columns }: { readonly columns: readonly (string | null)[] }) =>
    columns.includes(column ?? '');
  const own = [...table.constraints.values()].filter(has);
  const indexed = facts.indexesOf(table.name).some((index) => index.unique && has(index));
  return { table: table.name, own, mayBeTarget: indexed || own.some(isKey) };
}

export function keysOfConstraint(table: TableFacts, constraint: ConstraintFacts): TableKeys {
  return { table: table.name, own: [constraint], mayBeTarget: isKey(constraint) };
}

function isKey({ kind }: ConstraintFacts): boolean {
  return kind === 'primary key' || kind === 'unique';
}
