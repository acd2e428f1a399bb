import type { History } from '../../folder/history.ts';
import { listMigrationNames, snapshotFile } from '../../folder/read-snapshots.ts';

/** A migration and what is known of its snapshot. */
export type SnapshotState = {
  readonly migration: string;
  readonly file: string;
  readonly state: 'read' | 'unreadable' | 'missing';
};

/** Each migration, in order, with whether its snapshot is there. Two migrations of one number share theirs. Pure. */
export function listSnapshotStates(history: History): readonly SnapshotState[] {
  const read = new Set(history.snapshots?.map(({ file }) => file));
  const unreadable = new Set(history.faults.map(({ file }) => file));
  return listMigrationNames(history).map((migration) => {
    const file = snapshotFile(history, migration);
    return {
      migration,
      file,
      state: read.has(file) ? 'read' : unreadable.has(file) ? 'unreadable' : 'missing',
    };
  });
}

/** Migrations directly behind one whose snapshot is missing or unreadable: that one may be the parent nobody has. Pure. */
export function listBehindGaps(history: History): ReadonlySet<string> {
  const states = listSnapshotStates(history);
  return new Set(
    states
      .filter((_, position) => position > 0 && states[position - 1]?.state !== 'read')
      .map(({ migration }) => migration),
  );
}
