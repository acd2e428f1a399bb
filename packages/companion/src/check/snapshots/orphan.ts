import type { HistoryCheck, HistoryFault } from '../history-check.ts';
import { nameSnapshot, placeSnapshot } from './place-snapshot.ts';

/** drizzle-kit takes every snapshot for part of the history; it does not ask whether a migration has it. */
export const orphanSnapshot: HistoryCheck = {
  code: 'snapshots/orphan',
  diagnose({ layout, journal, snapshots }) {
    if (snapshots === null || (layout === 'journal' && journal === null)) return [];
    const newest = snapshots.at(-1);
    return snapshots
      .filter(({ migration }) => migration === null)
      .map((snapshot) => ({
        ...(layout === 'folders'
          ? describeInFolders(nameSnapshot(snapshot))
          : describeInJournal(nameSnapshot(snapshot), { newest: snapshot === newest })),
        ...placeSnapshot(snapshot, snapshot.id),
      }));
  },
};

function describeInJournal(name: string, { newest }: { readonly newest: boolean }): HistoryFault {
  return {
    level: newest ? 'error' : 'warning',
    message: newest
      ? `${name} belongs to no migration of the journal, and is the newest: drizzle-kit generate starts from it, and takes for done what no migration does.`
      : `${name} belongs to no migration of the journal.`,
    hint: `Delete it, or put back the journal entry and the SQL that it was made with.`,
    fix: 'drizzle-companion repair',
  };
}

function describeInFolders(name: string): HistoryFault {
  return {
    level: 'error',
    message: `${name} has no migration.sql beside it: drizzle-kit generate takes its changes for done, and no database will get them.`,
    hint: 'Restore migration.sql from git, or delete the folder and let `drizzle-kit generate` write it anew.',
    fix: 'drizzle-companion repair',
  };
}
