import { type LockMode, strongestOf } from '../../kernel/lock-modes.ts';
import type { RangeVar } from '../../sql/parser.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from './names.ts';
import type { ConstraintFacts, SchemaFacts, TableFacts } from './schema-facts.ts';

const LIGHTEST_FIRST = ['brief', 'scan', 'build', 'rewrite'] as const;

/**
 * What the lock is held for, beside the end of the transaction: `brief`, a change of the catalog; `scan` reads the
 * whole table; `build` builds an index; `rewrite` writes the table anew.
 */
export type LockWork = (typeof LIGHTEST_FIRST)[number];

export type RelationLock = {
  readonly relation: QualifiedName;
  readonly mode: LockMode;
  readonly work: LockWork;
};

export function lock(relation: QualifiedName, mode: LockMode, work: LockWork = 'brief'): RelationLock {
  return { relation, mode, work };
}

export function heaviestOf(a: LockWork, b: LockWork): LockWork {
  return LIGHTEST_FIRST.indexOf(a) < LIGHTEST_FIRST.indexOf(b) ? b : a;
}

/** One lock for each relation: its strongest mode, its heaviest work. */
export function mergeLocks(locks: readonly RelationLock[]): readonly RelationLock[] {
  const merged = new Map<string, RelationLock>();
  for (const next of locks) {
    const key = keyOfName(next.relation);
    const known = merged.get(key) ?? next;
    merged.set(key, {
      relation: known.relation,
      mode: strongestOf(known.mode, next.mode),
      work: heaviestOf(known.work, next.work),
    });
  }
  return [...merged.values()];
}

/** The relation with its partitions, theirs, and so on. */
export function withPartitions(relation: QualifiedName, facts: SchemaFacts): readonly QualifiedName[] {
  const key = keyOfName(relation);
  const partitions = [...facts.tables()].filter(
    ({ partitionOf }) => partitionOf !== null && keyOfName(partitionOf) === key,
  );
  return [relation, ...partitions.flatMap(({ name }) => withPartitions(name, facts))];
}

/** What a statement that names the relation reaches: with ONLY, nothing below it. */
export function reachOf(relation: RangeVar, facts: SchemaFacts): readonly QualifiedName[] {
  const name = nameOfRelation(relation);
  return relation.inh ? withPartitions(name, facts) : [name];
}

/** The tables, partitions among them, to which these foreign keys point. */
export function targetsOf(
  constraints: Iterable<ConstraintFacts>,
  facts: SchemaFacts,
): readonly QualifiedName[] {
  return [...constraints].flatMap(({ references }) =>
    references === null ? [] : withPartitions(references, facts),
  );
}

/** The other tables whose foreign keys point to this one, partitions among them. */
export function sourcesOf(name: QualifiedName, facts: SchemaFacts): readonly QualifiedName[] {
  const key = keyOfName(name);
  return [...facts.tables()]
    .filter((table) => keyOfName(table.name) !== key && pointsTo(table, key))
    .flatMap((table) => withPartitions(table.name, facts));
}

function pointsTo({ constraints }: TableFacts, key: string): boolean {
  return [...constraints.values()].some(
    ({ references }) => references !== null && keyOfName(references) === key,
  );
}
