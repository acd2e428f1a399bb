import { expect, it } from 'vitest';
import { findLeftBehind, findSetBack } from './left-behind.ts';
import type { Outside, Sequence } from './outside.ts';

const sequence = (value: string | null, more: Partial<Sequence> = {}): Sequence => ({
  value,
  file: '1',
  increment: '1',
  cycles: false,
  ...more,
});
const outside = (one: Sequence, slots: readonly string[] = []): Outside => ({
  sequences: new Map([['7', one]]),
  slots,
});
const nothing = { known: new Map(), after: new Map(), drawn: [], setBack: new Map(), locked: [] };

it.each<[Sequence, Sequence, string | null | undefined]>([
  [sequence('100'), sequence('50'), '50'],
  [sequence('100'), sequence(null), null],
  [sequence('100'), sequence('100'), undefined],
  [sequence('100'), sequence('101'), undefined],
  [sequence('9'), sequence('10'), undefined],
  [sequence(null), sequence('1'), undefined],
  [sequence('-9', { increment: '-1' }), sequence('-8', { increment: '-1' }), '-8'],
  [sequence('-9', { increment: '-1' }), sequence('-10', { increment: '-1' }), undefined],
  // Somebody's TRUNCATE … RESTART IDENTITY, and what begins again by itself.
  [sequence('100'), sequence('1', { file: '2' }), undefined],
  [sequence('100', { cycles: true }), sequence('1', { cycles: true }), undefined],
])('a sequence that was at %o and is at %o', (was, is, setBackTo) => {
  expect(findSetBack(outside(was), outside(is)).get('7')).toBe(setBackTo);
});

it('tells which replication slots came and went', () => {
  const [before, after] = [outside(sequence(null), ['a', 'c']), outside(sequence(null), ['a', 'b'])];
  expect(findLeftBehind({ ...nothing, outside: { before, after } })).toEqual([
    { kind: 'slot', name: 'b', is: 'new' },
    { kind: 'slot', name: 'c', is: 'gone' },
  ]);
});
