import { GENESIS, type Snapshot } from '../../folder/history.ts';
import type { HistoryCheck, HistoryFault } from '../history-check.ts';
import { findLooseBranches } from './find-branches.ts';
import { findConflict } from './find-conflict.ts';
import { nameSnapshot, placeSnapshot } from './place-snapshot.ts';

/** Two branches generated a migration on the same state, and both were merged. */
export const collision: HistoryCheck = {
  code: 'snapshots/collision',
  diagnose({ layout, snapshots }) {
    if (snapshots === null) return [];
    const ids = findRepeated(snapshots, ({ id }) => id);
    const parents = findRepeated(snapshots, (snapshot) => sharedParent(snapshot, layout));
    const faults = snapshots.flatMap((snapshot) => {
      const copied = ids.get(snapshot);
      if (copied) return describeCopy(snapshot, copied);
      const sibling = parents.get(snapshot);
      return sibling ? describeSibling(snapshot, sibling) : [];
    });
    if (layout === 'journal') return faults;
    return [...faults, ...findLooseBranches(snapshots).map(describeBranch(snapshots))];
  },
};

/** In 0.31 each parent has one child. 1.x allows branches, which a later migration merges, but one beginning. */
function sharedParent({ prevIds }: Snapshot, layout: 'journal' | 'folders'): string | null {
  if (layout === 'journal') return prevIds[0] ?? GENESIS;
  return prevIds.every((id) => id === GENESIS) ? GENESIS : null;
}

function findRepeated(
  snapshots: readonly Snapshot[],
  keyOf: (snapshot: Snapshot) => string | null,
): ReadonlyMap<Snapshot, Snapshot> {
  const first = new Map<string, Snapshot>();
  const repeated = new Map<Snapshot, Snapshot>();
  for (const snapshot of snapshots) {
    const key = keyOf(snapshot);
    if (key === null) continue;
    const other = first.get(key);
    if (other) repeated.set(snapshot, other);
    else first.set(key, snapshot);
  }
  return repeated;
}

function describeCopy(snapshot: Snapshot, other: Snapshot): HistoryFault {
  const [name, first] = [nameSnapshot(snapshot), nameSnapshot(other)];
  return {
    level: 'error',
    message: `The snapshot of ${name} has the id of that of ${first}: one was copied from the other, and drizzle-kit cannot tell them apart.`,
    ...placeSnapshot(snapshot, snapshot.id),
    hint: remake(name),
    fix: 'drizzle-companion repair',
  };
}

function describeSibling(snapshot: Snapshot, other: Snapshot): HistoryFault {
  const [name, first] = [nameSnapshot(snapshot), nameSnapshot(other)];
  return {
    level: 'error',
    message: `The snapshots of ${name} and ${first} were made on the same state: drizzle-kit generate refuses to go on. 0.31 writes nothing and still ends with 0.`,
    ...placeSnapshot(snapshot, snapshot.prevIds[0] ?? snapshot.id),
    hint: remake(name),
    fix: 'drizzle-companion repair',
  };
}

/** 1.x itself takes two open branches together, unless they touch the same thing; then it stops. */
function describeBranch(snapshots: readonly Snapshot[]) {
  return ([first, second]: readonly [Snapshot, Snapshot]): HistoryFault => {
    const names = `${nameSnapshot(second)} and ${nameSnapshot(first)}`;
    const conflict = findConflict(snapshots, first, second);
    return {
      level: conflict === 'none' ? 'warning' : 'error',
      message:
        conflict === 'none'
          ? `${names} end two branches that no migration merges yet; they touch different things, and the next drizzle-kit generate takes both together.`
          : `${names} end two branches that no migration merges${conflict === 'unknown' ? '' : `, and both change ${conflict}`}: drizzle-kit generate stops${conflict === 'unknown' ? ' if they touch the same thing' : ''}.`,
      ...placeSnapshot(second, second.prevIds[0] ?? second.id),
      hint:
        conflict === 'none'
          ? '`drizzle-kit generate --custom` makes a migration that merges them now.'
          : `${remake(nameSnapshot(second))} \`drizzle-kit check\` shows what both touch.`,
    };
  };
}

function remake(name: string): string {
  return `While ${name} is applied nowhere: delete it (SQL, snapshot, journal entry), and \`drizzle-kit generate\` writes its changes anew on top of the other. Applied, its snapshot has to be made anew.`;
}
