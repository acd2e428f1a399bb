import { expect, it } from 'vitest';
import type { LockMode } from '../kernel/lock-modes.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import type { DoneStatement } from './rehearsal-run.ts';
import { notReached, sumUp, sumUpStep } from './sum-up.ts';

const step = (name: string): PlanStep => ({
  migration: { name, when: 0, hash: '', sql: 'SELECT 1;\n-- two\nSELECT 2;', file: `/${name}.sql` },
  transaction: true,
  units: [
    {
      kind: 'transaction',
      end: 'commit',
      statements: [
        { text: 'SELECT 1;', offset: 0 },
        { text: '-- two\nSELECT 2;', offset: 10 },
      ],
    },
  ],
});

const done = (durationMs: number | null, more: Partial<DoneStatement> = {}): DoneStatement => ({
  sql: 'x',
  line: 1,
  column: 1,
  unit: 0,
  durationMs,
  locks: [],
  rewritten: [],
  rows: [],
  walBytes: 100,
  ...more,
});
const lock = (relation: string, mode: LockMode) => ({ relation, mode, measured: true });
const uses = new Map([['users', [{ application: 'api', sessions: 3 }]]]);

it('holds each lock at SHARE or above from its statement to the end of its transaction', () => {
  const report = sumUpStep(
    step('m'),
    [
      done(100, { locks: [lock('users', 'ShareUpdateExclusive')] }),
      done(20, { locks: [lock('users', 'Share')] }),
      done(3, { locks: [lock('users', 'AccessExclusive'), lock('orders', 'RowExclusive')] }),
      done(1000, { unit: 1, locks: [lock('orders', 'Exclusive')] }),
    ],
    { failed: false, uses },
  );
  expect(report.locks.map(({ relation, mode, heldMs, blocks }) => [relation, mode, heldMs, blocks])).toEqual([
    ['users', 'Share', 23, 'writes'],
    ['users', 'AccessExclusive', 3, 'reads and writes'],
    ['orders', 'Exclusive', 1000, 'writes'],
  ]);
  expect(report).toMatchObject({ state: 'rehearsed', durationMs: 1123 });
  expect(report.locks[0]?.usedBy).toEqual([{ application: 'api', sessions: 3 }]);
});

it('the longest lock is the longest of those that keep readers out, where there is one', () => {
  const steps = [
    sumUpStep(step('a'), [done(500, { locks: [lock('orders', 'Share')] })], { failed: false, uses }),
    sumUpStep(step('b'), [done(2, { locks: [lock('users', 'AccessExclusive')] })], { failed: false, uses }),
    sumUpStep(step('c'), [done(null, { walBytes: null, notRehearsed: 'why' })], { failed: false, uses }),
    notReached(step('d')),
  ];
  expect(steps.map(({ state }) => state)).toEqual(['rehearsed', 'rehearsed', 'not-rehearsed', 'not-run']);
  expect(steps[3]?.statements.map(({ line, durationMs }) => [line, durationMs])).toEqual([
    [1, null],
    [3, null],
  ]);
  const summary = sumUp(steps, []);
  expect(summary).toMatchObject({
    migrations: 3,
    statements: 3,
    notRehearsed: 1,
    durationMs: 502,
    walBytes: 200,
    longestLock: { migration: 'b', relation: 'users' },
    wouldWait: [{ application: 'api', sessions: 3 }],
  });
  expect(sumUp(steps.slice(0, 1), []).longestLock).toMatchObject({ migration: 'a', blocks: 'writes' });
  expect(sumUp([], []).longestLock).toBeNull();
});

it('tells the statement that failed and those after it, and counts neither', () => {
  const failing = step('m');
  const [, second] = statementsOf(failing.units);
  const told = (statements: readonly DoneStatement[], at: Statement | 'commit' | undefined) =>
    sumUpStep(failing, statements, { failed: true, ...(at && { at }), uses }).statements.map(
      ({ sql, line, state }) => [sql, line, state],
    );
  expect(told([done(1)], second)).toEqual([
    ['x', 1, 'rehearsed'],
    ['SELECT 2', 3, 'failed'],
  ]);
  expect(told([], 'commit').map(([, , state]) => state)).toEqual(['not-run', 'not-run']);
  expect(sumUp([sumUpStep(failing, [done(1)], { failed: true, uses })], [])).toMatchObject({ statements: 1 });
});

it('is the same in whatever order the server tells: strongest first, then by name', () => {
  const locks = [
    lock('b', 'Share'),
    lock('orders', 'AccessExclusive'),
    lock('a', 'Share'),
    lock('a', 'Exclusive'),
  ];
  const rows = ['t', 'b'].map((table) => ({ table, read: 1, inserted: 0, updated: 0, deleted: 0 }));
  const used = ['worker', 'api', 'cron'].map((application, at) => ({
    application,
    sessions: at === 2 ? 5 : 1,
  }));
  const inUse = new Map([['orders', used]]);
  const report = (order: readonly number[]) => {
    const given = done(1, {
      locks: order.flatMap((at) => locks[at] ?? []),
      rows: order.flatMap((at) => rows[at] ?? []),
    });
    const step1 = sumUpStep(step('m'), [given], { failed: false, uses: inUse });
    return { step1, sum: sumUp([step1], []) };
  };
  const { step1, sum } = report([0, 1, 2, 3]);
  expect(report([3, 2, 1, 0])).toEqual({ step1, sum });
  expect(step1.statements[0]?.locks.map(({ relation, mode }) => `${relation} ${mode}`)).toEqual([
    'orders AccessExclusive',
    'a Exclusive',
    'a Share',
    'b Share',
  ]);
  expect(step1.statements[0]?.rows.map(({ table }) => table)).toEqual(['b', 't']);
  expect(sum.wouldWait.map(({ application }) => application)).toEqual(['cron', 'api', 'worker']);
});
