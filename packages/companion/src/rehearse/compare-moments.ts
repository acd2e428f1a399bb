import { type LockMode, strongestOf } from '../kernel/lock-modes.ts';
import type { TouchedRows } from '../kernel/rehearsal.ts';
import type { Moment } from './moment.ts';
import type { Relation, Relations } from './relations.ts';

/** What happened between two moments of one transaction. */
export type Change = {
  /** By object id: locks that were added or became stronger, on what was there; those on indexes are their tables'. */
  readonly locks: ReadonlyMap<string, LockMode>;
  readonly rewritten: readonly string[];
  /** Indexes that are gone: a change of type makes them anew, under their old names. */
  readonly goneIndexes: readonly Relation[];
  readonly rows: readonly TouchedRows[];
  readonly walBytes: number;
};

/** @param known the relations that were there before the transaction. Pure. */
export function compareMoments(before: Moment, after: Moment, known: Relations): Change {
  const isGone = (moment: Moment, oid: string) =>
    moment.locks.get(oid) === 'AccessExclusive' && !moment.files.has(oid);
  return {
    locks: new Map(
      [...after.locks].filter(
        ([oid, mode]) =>
          known.has(oid) && known.get(oid)?.kind !== 'index' && isRaised(before.locks.get(oid), mode),
      ),
    ),
    rewritten: [...after.files].flatMap(([oid, file]) => {
      const relation = known.get(oid);
      const was = before.files.get(oid) ?? relation?.file;
      return relation === undefined || relation.kind === 'sequence' || was === file ? [] : [relation.shown];
    }),
    goneIndexes: [...after.locks.keys()].flatMap((oid) => {
      const relation = known.get(oid);
      return relation?.kind === 'index' && isGone(after, oid) && !isGone(before, oid) ? [relation] : [];
    }),
    rows: [...after.rows].flatMap(([oid, now]) => subtract(now, before.rows.get(oid))),
    walBytes: Math.max(0, after.walPosition - before.walPosition),
  };
}

export function isRaised(before: LockMode | undefined, after: LockMode): boolean {
  return before === undefined || (before !== after && strongestOf(before, after) === after);
}

function subtract(now: TouchedRows, was: TouchedRows | undefined): readonly TouchedRows[] {
  const rows = {
    table: now.table,
    read: now.read - (was?.read ?? 0),
    inserted: now.inserted - (was?.inserted ?? 0),
    updated: now.updated - (was?.updated ?? 0),
    deleted: now.deleted - (was?.deleted ?? 0),
  };
  return rows.read + rows.inserted + rows.updated + rows.deleted > 0 ? [rows] : [];
}
