import { GENESIS, type History, type Snapshot } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { nameSnapshot, placeSnapshot } from './place-snapshot.ts';
import { listBehindGaps } from './snapshot-gaps.ts';

/**
 * Each snapshot names the state it was made on; from parent to parent one must arrive at the empty database.
 * Every cycle has a parent that does not stand earlier, so one look at each snapshot is enough.
 */
export const brokenChain: HistoryCheck = {
  code: 'snapshots/broken-chain',
  diagnose(history) {
    const snapshots = history.snapshots ?? [];
    const positions = new Map<string, number>();
    snapshots.forEach(({ id }, position) => {
      if (!positions.has(id)) positions.set(id, position);
    });
    const behindGaps = listBehindGaps(history);
    return snapshots.flatMap((snapshot, position) => {
      const explained = snapshot.migration !== null && behindGaps.has(snapshot.migration);
      const parents = snapshot.prevIds.length === 0 ? [GENESIS] : snapshot.prevIds;
      return parents.flatMap((parent) => {
        const at = positions.get(parent);
        const why =
          parent === GENESIS
            ? startsWithoutBase(snapshot)
            : at === undefined
              ? explained || `was made on a snapshot (${parent}) that nobody has`
              : at >= position && namesLater(snapshot, snapshots[at]);
        if (typeof why !== 'string') return [];
        return {
          ...describe(history, snapshot, position === snapshots.length - 1, why),
          ...placeSnapshot(snapshot, parent),
        };
      });
    });
  },
};

function namesLater(snapshot: Snapshot, parent: Snapshot | undefined): string {
  return parent === undefined || parent === snapshot
    ? 'names itself as the one it was made on'
    : `was made on that of ${nameSnapshot(parent)}, which stands behind it`;
}

/** Since format 9 of 1.x a snapshot holds only what changed: one of them cannot be the first. */
function startsWithoutBase({ content }: Snapshot): string | false {
  return (
    (content as { type?: unknown }).type === 'diff' &&
    'holds changes alone, and no snapshot that they were made on'
  );
}

function describe({ layout }: History, snapshot: Snapshot, newest: boolean, why: string) {
  const name = nameSnapshot(snapshot);
  const consequence =
    layout === 'folders'
      ? 'drizzle-kit generate stops at it'
      : newest
        ? 'the next drizzle-kit generate starts from a state that is not that of this history, and may repeat or undo what is there'
        : 'drizzle-kit 0.31 does not notice, and `drizzle-kit up` to 1.x stops at it';
  return {
    level: layout === 'folders' || newest ? 'error' : 'warning',
    message: `The snapshot of ${name} ${why}: ${consequence}.`,
    hint: `Restore the missing migration from git. If there is none: delete ${name} while it is applied nowhere, and let \`drizzle-kit generate\` write it anew on top.`,
    fix: 'drizzle-companion repair',
  } as const;
}
