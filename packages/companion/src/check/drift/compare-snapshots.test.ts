import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kit } from '../../../test/schemas/evaluate.ts';
import type { Edit, Feature } from '../../../test/schemas/feature.ts';
import { FEATURES } from '../../../test/schemas/features.ts';
import { compareSnapshots } from './compare-snapshots.ts';
import { describeDrift } from './describe-drift.ts';

const KITS = [new Kit(0), new Kit(1)];

describe.each(KITS)('drizzle-kit $major', (kit) => {
  describe.each(FEATURES.filter(knownTo(kit)))('$name', (feature) => {
    it('is silent where nothing changed, and all added in a fresh folder', async () => {
      const snapshot = await kit.snapshot(feature.schema, feature.casing);
      expect(await judge(kit, snapshot, await kit.snapshot(feature.schema, feature.casing))).toEqual([]);
      const fresh = compareSnapshots(null, snapshot);
      expect(fresh.map(({ change }) => change)).toContain('added');
    });

    it.each(feature.edits.filter(knownTo(kit)))('$title → $says', async ({ from, to, says }) => {
      expect(feature.schema.split(from).length, `${from} stands in the schema once or more`).toBeGreaterThan(
        1,
      );
      const before = await kit.snapshot(feature.schema, feature.casing);
      const after = await kit.snapshot(
        feature.schema.replace(from, () => to),
        feature.casing,
      );
      const messages = await judge(kit, before, after);
      if (says === null) expect(messages).toEqual([]);
      else expect(messages).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
      await judge(kit, after, before);
    });
  });
});

describe.each(KITS)('drizzle-kit $major, whatever else changes in a snapshot', (kit) => {
  it('we speak exactly where its differ would write', async () => {
    const known = FEATURES.filter(knownTo(kit));
    const snapshots = await Promise.all(known.map(({ schema, casing }) => kit.snapshot(schema, casing)));
    const arbitrary = fc.tuple(fc.constantFrom(...snapshots), fc.nat(), fc.nat(3), fc.boolean());
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([snapshot, where, how, backwards]) => {
        const changed = mutate(snapshot, where, how);
        const pair = backwards ? ([changed, snapshot] as const) : ([snapshot, changed] as const);
        if (await kit.refuses(...pair)) return;
        await judge(kit, ...pair);
        compared += 1;
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

/** A copy of a snapshot in which one value, of those that a schema may have otherwise, is another or gone. */
function mutate(snapshot: unknown, where: number, how: number): unknown {
  const copy = structuredClone(snapshot);
  const spots = listSpots(copy);
  const spot = spots[where % spots.length];
  if (spot === undefined) throw new Error('nothing to change');
  const { owner, key } = spot;
  const value = owner[key];
  if (typeof value === 'boolean') owner[key] = !value;
  else if (typeof value === 'number') owner[key] = value + 1;
  else if (typeof value === 'string')
    owner[key] = [`${value}x`, `(${value})`, value.replace('(', ' ('), value.replaceAll("'", '')][how];
  else if (value === null) owner[key] = '1';
  else if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
  return copy;
}

type Spot = { readonly owner: Record<string, unknown>; readonly key: string };

/** Names are keys as well, and bookkeeping does not count; what may be null is not always text. */
const FIXED = /^(id|prevIds?|version|dialect|_meta|internal|entityType|name|schema|tableFrom)$/;
const TEXT = /^(default|where|using|withCheck|tablespace)$/;

function listSpots(value: unknown, depth = 0): readonly Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => {
    const inner = owner[key];
    if (FIXED.test(key) || (key === 'type' && 'as' in owner)) return [];
    if (inner === null && !TEXT.test(key)) return [];
    return [...(depth === 0 ? [] : [{ owner, key }]), ...listSpots(inner, depth + 1)];
  });
}

/** Our words; held against the kit's own differ: we speak exactly where it would write. */
async function judge(kit: Kit, before: unknown, after: unknown): Promise<readonly string[]> {
  const messages = compareSnapshots(before, after).map((change) => describeDrift(change, []).message);
  const writes = await kit.wouldWrite(before, after);
  expect(messages.length > 0, `the kit ${writes ? 'writes' : 'writes nothing'}; we say: ${messages}`).toBe(
    writes,
  );
  return messages;
}

function knownTo({ major }: Kit) {
  return ({ majors }: Pick<Feature | Edit, 'majors'>): boolean =>
    majors === undefined || majors.includes(major);
}
