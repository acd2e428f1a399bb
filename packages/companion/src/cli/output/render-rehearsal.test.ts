import { expect, it } from 'vitest';
import type { HeldLock, RehearsalReport, RehearsedStep } from '../../kernel/rehearsal.ts';
import { renderBrokenOff, renderRehearsal } from './render-rehearsal.ts';
import { LOG, TERMINAL } from './test-samples.ts';

const lock: HeldLock = {
  relation: 'orders',
  mode: 'AccessExclusive',
  measured: true,
  heldMs: 1_215,
  blocks: 'reads and writes',
  usedBy: [{ application: 'shop-api', sessions: 3 }],
};
const nothing = { column: 1, state: 'rehearsed', locks: [], rewritten: [], rows: [] } as const;

const steps: readonly RehearsedStep[] = [
  {
    name: '0004_orders_total',
    state: 'rehearsed',
    transaction: true,
    durationMs: 1_215,
    statements: [
      {
        ...nothing,
        sql: 'ALTER TABLE "orders" ADD COLUMN "total" integer',
        line: 1,
        durationMs: 1.4,
        walBytes: 432,
      },
      {
        ...nothing,
        sql: 'ALTER TABLE "orders" ALTER COLUMN "a_column_with_a_long_name" SET DATA TYPE bigint USING a_column_with_a_long_name::bigint',
        line: 12,
        durationMs: 1_214,
        walBytes: 18_000_000,
        rewritten: ['orders', 'orders_pkey', 'orders_status_idx', 'orders_user_id_idx'],
        rows: [{ table: 'orders', read: 200_000, inserted: 0, updated: 12, deleted: 0 }],
      },
    ],
    locks: [lock],
  },
  {
    name: '0005_orders_status_idx',
    state: 'not-rehearsed',
    transaction: false,
    durationMs: 0,
    statements: [
      {
        ...nothing,
        sql: 'CREATE INDEX CONCURRENTLY "i" ON "orders" ("status")',
        line: 1,
        durationMs: null,
        walBytes: null,
        state: 'not-rehearsed',
        notRehearsed: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction',
      },
    ],
    locks: [],
  },
  { name: '0006_more', state: 'not-run', transaction: true, durationMs: 0, statements: [], locks: [] },
];

const report: RehearsalReport = {
  on: 'target',
  shadow: null,
  steps,
  summary: {
    migrations: 2,
    statements: 3,
    notRehearsed: 1,
    durationMs: 1_215,
    walBytes: 18_000_432,
    rewritten: ['orders', 'orders_pkey'],
    longestLock: { ...lock, migration: '0004_orders_total' },
    wouldWait: lock.usedBy,
    waited: [{ application: '', sessions: 1, longestMs: 640 }],
  },
  leftBehind: [
    { kind: 'sequence', name: 'orders_id_seq', before: '41', after: '44' },
    { kind: 'estimates', name: 'orders' },
  ],
  findings: [],
  database: null,
  durationMs: 1_700,
};

it('fits a terminal of 80 columns', () => {
  const text = renderRehearsal(report, TERMINAL);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatchInlineSnapshot(`
    "✓ 0004_orders_total (2 statements, 1.2 s)
      line    time    WAL  statement
         1  1.4 ms  432 B  ALTER TABLE "orders" ADD COLUMN "total" integer
        12   1.2 s  17 MB  ALTER TABLE "orders" ALTER C…with_a_long_name" SET DATA …
          writes anew orders, orders_pkey, orders_status_idx, orders_user_id_idx
          rows of orders: 200000 read, 12 updated
      ACCESS EXCLUSIVE on orders for 1.2 s: reads and writes wait; in use by
          shop-api (3 sessions)

    ○ 0005_orders_status_idx (1 statement, 0 ms, no transaction)
      line  time  WAL  statement
         1     -    -  CREATE INDEX CONCURRENTLY "i" ON "orders" ("status")
          not rehearsed: CREATE INDEX CONCURRENTLY cannot run inside a transaction

    ✓ Rehearsed 1 of 2 migrations in 1.7 s, and rolled back.
      statements     1.2 s, 17 MB of WAL
      longest lock   1.2 s, ACCESS EXCLUSIVE on orders in 0004_orders_total: reads
                     and writes wait
      would wait     shop-api (3 sessions)
      did wait       no name (1 session) for 640 ms
      written anew   orders, orders_pkey
      not rehearsed  1 of 3 statements; rehearse --shadow runs it
      stays          the sequence orders_id_seq went from 41 to 44; the planner's
                     estimates of orders
    "
  `);
});

it('is words alone in a log, and of a shadow from nothing one line for each migration', () => {
  const shadow = { provider: 'pglite', serverVersion: 180_003, from: null, stock: 3 } as const;
  expect(renderRehearsal({ ...report, on: 'shadow', shadow, leftBehind: [] }, LOG)).toMatchInlineSnapshot(`
    "rehearsed 0004_orders_total (2 statements, 1.2 s)
    not rehearsed 0005_orders_status_idx (1 statement, 0 ms, no transaction)

    Rehearsed 1 of 2 migrations in 1.7 s on PGlite, PostgreSQL 18.
      stock drizzle  3 migrations in one transaction: they run, too
      statements     1.2 s, 17 MB of WAL
      would wait     shop-api (3 sessions)
      did wait       no name (1 session) for 640 ms
      not rehearsed  1 of 3 statements
    "
  `);
});

it('tells what came before an error, and nothing where nothing did', () => {
  const told = renderBrokenOff(report, LOG);
  expect(told).toContain('0005_orders_status_idx');
  expect(told).not.toContain('0006_more');
  expect(told).toMatch(
    /Stays after the rollback: the sequence orders_id_seq went from 41 to 44;[\s\S]*orders\.\n\n$/,
  );
  expect(renderBrokenOff({ ...report, steps: steps.slice(2) }, LOG)).toBe('');
});

it('tells the statement that failed, and how many come after it; several on a line by their columns', () => {
  const undone = { ...nothing, line: 2, durationMs: null, walBytes: null };
  const failed: RehearsedStep = {
    name: '0007_fails',
    state: 'failed',
    transaction: true,
    durationMs: 1,
    statements: [
      { ...nothing, sql: 'SELECT 1', line: 1, durationMs: 1, walBytes: 0 },
      { ...undone, sql: 'SELECT x', state: 'failed' },
      { ...undone, sql: 'SELECT 3', column: 11, state: 'not-run' },
    ],
    locks: [],
  };
  expect(renderBrokenOff({ ...report, steps: [failed], leftBehind: [] }, LOG)).toMatchInlineSnapshot(`
    "failed 0007_fails (3 statements, 1 ms)
      line    time  WAL  statement
         1    1 ms  0 B  SELECT 1
       2:1  failed    -  SELECT x
          1 statement after it not run

    "
  `);
  const alone = { ...failed, statements: failed.statements.slice(1) };
  expect(renderBrokenOff({ ...report, steps: [alone] }, LOG)).toBe('');
});

it('says how many were rehearsed when some were left out', () => {
  const told = renderRehearsal(
    { ...report, steps: steps.slice(1, 2), summary: { ...report.summary, migrations: 1, statements: 1 } },
    TERMINAL,
  );
  expect(told).toContain('○ Rehearsed 0 of 1 migration in');
});

it('says what became of a sequence that was set back, and of a replication slot', () => {
  const sequence = { kind: 'sequence', name: 'ids', before: '100', setBackTo: '50' } as const;
  const told = renderRehearsal(
    {
      ...report,
      leftBehind: [
        { ...sequence, after: '100' },
        { ...sequence, after: '50' },
        { ...sequence, after: null, setBackTo: null },
        { kind: 'slot', name: 'cdc', is: 'new' },
        { kind: 'slot', name: 'old', is: 'gone' },
      ],
    },
    LOG,
  );
  expect(told.slice(told.indexOf('  stays')).replace(/\s+/g, ' ')).toBe(
    [
      ' stays the sequence ids was set back from 100 to 50, and was put forward again to 100',
      'the sequence ids was set back from 100 to 50, and must be set forward: it will give values that rows have already',
      'the sequence ids was set back from 100 to its start, and must be set forward: it will give values that rows have already',
      "the replication slot cdc is new, and keeps the server's log until it is dropped",
      'the replication slot old is gone ',
    ].join('; '),
  );
});
