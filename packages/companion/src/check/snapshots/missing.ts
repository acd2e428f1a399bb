import type { History } from '../../folder/history.ts';
import { GENESIS } from '../../folder/history.ts';
import type { HistoryCheck, HistoryFault } from '../history-check.ts';
import { listSnapshotStates, type SnapshotState } from './snapshot-gaps.ts';

/** Nothing is run from a snapshot; the next migration is generated from the newest one. */
export const missingSnapshot: HistoryCheck = {
  code: 'snapshots/missing',
  diagnose(history) {
    if (history.snapshots === null) return [];
    const states = listSnapshotStates(history);
    const newest = states.findLastIndex(({ state }) => state !== 'missing');
    const orphaned = findOrphanedParents(history, states);
    const places = placesOf(history);
    return states.flatMap(({ migration, file, state }, position) => {
      if (state !== 'missing') return [];
      const name = file.split(/[/\\]/).slice(-2).join('/');
      return {
        ...(position > newest
          ? describeHead(migration, name, states[newest]?.migration)
          : describeMiddle(migration, name, orphaned.has(position))),
        ...places.get(migration),
        migration,
      };
    });
  },
};

function describeHead(migration: string, name: string, base: string | undefined): HistoryFault {
  return {
    level: 'error',
    message: `${migration} has no snapshot (${name}), and nothing after it has: the next drizzle-kit generate starts from ${base === undefined ? 'an empty database' : `the state of ${base}`}, and writes the changes of ${migration} a second time.`,
    hint: `Restore ${name} from git. If there never was one: delete ${migration} while it is applied nowhere, and let \`drizzle-kit generate\` write it anew.`,
    fix: 'drizzle-companion repair',
  };
}

function describeMiddle(migration: string, name: string, stops: boolean): HistoryFault {
  return {
    level: stops ? 'error' : 'warning',
    message: stops
      ? `${migration} has no snapshot (${name}), and a later one was made on it: drizzle-kit generate stops there.`
      : `${migration} has no snapshot (${name}): drizzle-kit 0.31 does not miss it, and \`drizzle-kit up\` to 1.x stops at it.`,
    hint: `Restore ${name} from git.`,
    fix: 'drizzle-companion repair',
  };
}

/** In the 1.x layout: the gaps behind which a snapshot names a parent that nobody has. */
function findOrphanedParents(
  { layout, snapshots }: History,
  states: readonly SnapshotState[],
): ReadonlySet<number> {
  const found = new Set<number>();
  if (layout === 'journal' || snapshots === null) return found;
  const ids = new Set(snapshots.map(({ id }) => id)).add(GENESIS);
  const byFile = new Map(snapshots.map((snapshot) => [snapshot.file, snapshot]));
  let stops = false;
  for (let position = states.length - 1; position >= 0; position--) {
    const snapshot = byFile.get(states[position]?.file ?? '');
    if (snapshot) stops = snapshot.prevIds.some((id) => !ids.has(id));
    else if (stops) found.add(position);
  }
  return found;
}

function placesOf({ journal, migrations }: History) {
  return journal
    ? new Map(journal.entries.map(({ tag, line }) => [tag, { file: journal.file, line }]))
    : new Map(migrations.map(({ name, file }) => [name, { file, line: 1 }]));
}
