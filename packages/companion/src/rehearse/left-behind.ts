import type { LeftBehind } from '../kernel/rehearsal.ts';
import type { Outside } from './outside.ts';
import type { Relations } from './relations.ts';

export type Remains = {
  readonly known: Relations;
  /** The relations as they are after the rollback. */
  readonly after: Relations;
  /** Sequences that the transaction has drawn from or set. */
  readonly drawn: readonly string[];
  readonly outside: { readonly before: Outside; readonly after: Outside };
  readonly setBack: ReadonlyMap<string, string | null>;
  /** Relations that the transaction had locked, by object id. */
  readonly locked: Iterable<string>;
};

/** What the rollback did not take back. Pure. */
export function findLeftBehind(remains: Remains): readonly LeftBehind[] {
  const { known, after, outside, locked } = remains;
  const estimated = [...new Set(locked)].flatMap((oid): LeftBehind[] => {
    const [was, is] = [known.get(oid), after.get(oid)];
    if (was === undefined || is === undefined || was.kind === 'sequence') return [];
    return was.estimates === is.estimates ? [] : [{ kind: 'estimates', name: was.shown }];
  });
  const left = [...findMoved(remains), ...estimated, ...findSlots(outside)];
  return left.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findMoved({ known, drawn, outside, setBack }: Remains): readonly LeftBehind[] {
  const { before, after } = outside;
  return [...new Set([...drawn, ...setBack.keys()])].flatMap((oid): LeftBehind[] => {
    const name = known.get(oid)?.shown;
    const [was, is] = [before.sequences.get(oid), after.sequences.get(oid)];
    if (name === undefined || was === undefined || is === undefined) return [];
    const to = setBack.get(oid);
    if (to === undefined && was.value === is.value) return [];
    return [
      {
        kind: 'sequence',
        name,
        before: was.value,
        after: is.value,
        ...(to !== undefined && { setBackTo: to }),
      },
    ];
  });
}

function findSlots({ before, after }: Remains['outside']): readonly LeftBehind[] {
  const missingIn = (slots: readonly string[]) => (name: string) => !slots.includes(name);
  return [
    ...after.slots
      .filter(missingIn(before.slots))
      .map((name) => ({ kind: 'slot', name, is: 'new' }) as const),
    ...before.slots
      .filter(missingIn(after.slots))
      .map((name) => ({ kind: 'slot', name, is: 'gone' }) as const),
  ];
}

/** Sequences that stand behind where they stood, and to where they were set. By object id. Pure. */
export function findSetBack(before: Outside, after: Outside): ReadonlyMap<string, string | null> {
  return new Map(
    [...before.sequences].flatMap(([oid, was]) => {
      const is = after.sequences.get(oid);
      // With another file it was somebody else who set it back: ours is gone with the rollback.
      const isOurs = is !== undefined && is.file === was.file && !is.cycles && was.value !== null;
      return isOurs && isBehind(is.value, was.value, was.increment) ? [[oid, is.value] as const] : [];
    }),
  );
}

function isBehind(is: string | null, was: string | null, increment: string): boolean {
  if (is === null || was === null) return is !== was;
  return (BigInt(is) - BigInt(was)) * BigInt(increment) < 0n;
}
