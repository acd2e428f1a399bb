import { GENESIS, type Snapshot } from '../../folder/history.ts';

/**
 * Snapshots that nobody was made on, where there are several: the ends of branches that nobody merged, each paired
 * with the first. Only ends of one connected piece are paired: behind a parent that is missing nothing can be told. Pure.
 */
export function findLooseBranches(
  snapshots: readonly Snapshot[],
): readonly (readonly [Snapshot, Snapshot])[] {
  const parents = new Set(snapshots.flatMap(({ prevIds }) => prevIds));
  const pieces = new Map<string, string>();
  const ends = new Map<string, Snapshot>();
  const found: [Snapshot, Snapshot][] = [];
  for (const snapshot of snapshots) {
    if (pieces.has(snapshot.id)) continue;
    const known = snapshot.prevIds.find((id) => id !== GENESIS && pieces.has(id));
    const piece = (known === undefined ? undefined : pieces.get(known)) ?? snapshot.id;
    pieces.set(snapshot.id, piece);
    if (parents.has(snapshot.id)) continue;
    const first = ends.get(piece);
    if (first) found.push([first, snapshot]);
    else ends.set(piece, snapshot);
  }
  return found;
}
