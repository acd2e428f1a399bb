const WEAKEST_FIRST = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
] as const;

/** A table lock by PostgreSQL's name for it, without the word `Lock` that `pg_locks` puts behind. */
export type LockMode = (typeof WEAKEST_FIRST)[number];

/** The stronger of two; as PostgreSQL numbers them, which is the order in which ALTER TABLE raises its lock. */
export function strongestOf(a: LockMode, b: LockMode): LockMode {
  return WEAKEST_FIRST.indexOf(a) < WEAKEST_FIRST.indexOf(b) ? b : a;
}

/** PostgreSQL's own number of a mode, from 1: what LOCK TABLE carries in its parse tree. */
export function modeOfNumber(number: number | undefined): LockMode {
  return WEAKEST_FIRST[(number ?? 0) - 1] ?? 'AccessExclusive';
}

/** For messages: what has to wait while the lock is held, the gravest first to be named. */
export function blockedBy(
  mode: LockMode,
): 'reads and writes' | 'writes' | 'other schema changes' | 'schema changes' {
  switch (mode) {
    case 'AccessExclusive':
      return 'reads and writes';
    case 'Exclusive':
    case 'ShareRowExclusive':
    case 'Share':
      return 'writes';
    case 'ShareUpdateExclusive':
      return 'other schema changes';
    default:
      return 'schema changes';
  }
}
