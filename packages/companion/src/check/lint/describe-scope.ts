import type { Merged } from '../git/read-merged.ts';

type ScopeInput = {
  readonly merged: Merged;
  readonly applied: ReadonlySet<string> | null;
  readonly wanted: 'new' | 'all' | ReadonlySet<string>;
  /** How many were linted, of how many. */
  readonly linted: number;
  readonly all: number;
};

/** Which migrations were linted, and why these; null where nothing is to be said. Pure. */
export function describeScope({ merged, applied, wanted, linted, all }: ScopeInput): string | null {
  if (typeof wanted === 'object' || all === 0) return null;
  if (wanted === 'all') return `${count(linted)} linted, those that are merged or applied among them.`;
  const { names, base, reason, changed } = merged;
  if (names === null && applied === null) {
    if (linted === 0) return null;
    return `Which migrations are new cannot be told (${reason}): all ${linted} were linted, each as if it were deployed alone. drizzle-companion lint <file> lints one; check --database leaves out what is applied.`;
  }
  const places = [
    ...(names === null ? [] : [reason === null ? `on ${base}` : 'committed']),
    ...(applied === null ? [] : ['applied']),
  ];
  if (linted === 0) {
    if (reason !== null && applied === null) return describeCommitted({ merged, all });
    return changed === null
      ? `No migration is new: all ${all} are ${places.join(' or ')}.`
      : 'No migration that is new is staged.';
  }
  const why = reason === null || names === null ? '' : `; ${reason}`;
  return `${count(linted, changed === null ? 'new ' : 'staged ')} linted (not ${places.join(', not ')}${why}).`;
}

/** Nobody has anything that is not here; else it is told as not checked. */
function describeCommitted({ merged, all }: Pick<ScopeInput, 'merged' | 'all'>): string | null {
  if (merged.kind !== 'absent' || merged.changed !== null) return null;
  return `No migration is new: what is committed (${count(all)}) is taken for merged, as ${merged.reason}. drizzle-companion lint --all lints every one.`;
}

function count(n: number, what = ''): string {
  return `${n} ${what}migration${n === 1 ? '' : 's'}`;
}
