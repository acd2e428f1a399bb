import type { Snapshot } from '../../folder/history.ts';

/** What a snapshot of format 9 says that its migration touches, as drizzle-kit 1.x writes it. */
type Footprint = {
  readonly writes: readonly string[];
  readonly reads?: readonly string[];
  readonly sharedWrites?: readonly string[];
  readonly statementType?: string;
  readonly sqlHash?: string;
};

/**
 * Do two open branches of the 1.x layout touch the same thing? By drizzle-kit's own rule: what one writes, the other
 * must neither write nor read, unless both make the very same change. Pure.
 * @returns the thing, `none`, or `unknown` when a snapshot is of an older format and does not say.
 */
export function findConflict(
  snapshots: readonly Snapshot[],
  first: Snapshot,
  second: Snapshot,
): string | 'none' | 'unknown' {
  const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  const [ofFirst, ofSecond] = [listAncestors(byId, first), listAncestors(byId, second)];
  const left = readFootprints([...ofFirst].filter((snapshot) => !ofSecond.has(snapshot)));
  const right = readFootprints([...ofSecond].filter((snapshot) => !ofFirst.has(snapshot)));
  if (left === null || right === null) return 'unknown';
  return findTouched(left, right) ?? findTouched(right, left) ?? 'none';
}

function listAncestors(byId: ReadonlyMap<string, Snapshot>, from: Snapshot): Set<Snapshot> {
  const found = new Set<Snapshot>();
  const open = [from];
  for (let snapshot = open.pop(); snapshot; snapshot = open.pop()) {
    if (found.has(snapshot)) continue;
    found.add(snapshot);
    for (const id of snapshot.prevIds) {
      const parent = byId.get(id);
      if (parent) open.push(parent);
    }
  }
  return found;
}

function readFootprints(snapshots: readonly Snapshot[]): readonly Footprint[] | null {
  const found: Footprint[] = [];
  for (const { content } of snapshots) {
    const { footprints } = content as { footprints?: unknown };
    if (!Array.isArray(footprints)) return null;
    found.push(...footprints);
  }
  return found;
}

function findTouched(from: readonly Footprint[], to: readonly Footprint[]): string | null {
  const touching = new Map<string, Footprint[]>();
  for (const footprint of to) {
    for (const thing of [...(footprint.writes ?? []), ...(footprint.reads ?? [])]) {
      const others = touching.get(thing);
      if (others) others.push(footprint);
      else touching.set(thing, [footprint]);
    }
  }
  for (const footprint of from) {
    for (const thing of [...(footprint.writes ?? []), ...(footprint.sharedWrites ?? [])]) {
      if (touching.get(thing)?.some((other) => !isSameChange(footprint, other))) return thing;
    }
  }
  return null;
}

function isSameChange(a: Footprint, b: Footprint): boolean {
  return a.sqlHash !== undefined && a.statementType === b.statementType && a.sqlHash === b.sqlHash;
}
