import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { measureMigrations } from '../../../test/lint/measure.ts';
import { attachPartitionNeedsCheck as rule } from './attach-partition-needs-check.ts';

const EVENTS =
  'CREATE TABLE "events" ("at" timestamp with time zone, "k" integer) PARTITION BY RANGE ("at");';
const MAY = 'CREATE TABLE "may" ("at" timestamp with time zone, "k" integer);';
const FOR = "FOR VALUES FROM ('2024-05-01') TO ('2024-06-01')";
const ATTACH = `ALTER TABLE "events" ATTACH PARTITION "may" ${FOR}`;

test('a table that is there', async () => {
  const before = [EVENTS, MAY];
  const { message, text, rewrite } = await expectFinding(rule, { before, sql: `${ATTACH};` });
  expect(text).toBe(ATTACH);
  expect(message).toContain('ATTACH PARTITION reads all of may under ACCESS EXCLUSIVE');
  expect(message).toContain('events stays open to reads and writes (SHARE UPDATE EXCLUSIVE)');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: `ALTER TABLE "may" ADD CONSTRAINT "may_bound" CHECK ("at" IS NOT NULL AND "at" >= '2024-05-01' AND "at" < '2024-06-01') NOT VALID;`,
    },
    {
      title: 'a later migration',
      sql: `ALTER TABLE "may" VALIDATE CONSTRAINT "may_bound";--> statement-breakpoint\n${ATTACH};--> statement-breakpoint\nALTER TABLE "may" DROP CONSTRAINT "may_bound";`,
    },
  ]);
  await expectClean(rule, { before, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('of a table that nothing is known of, the bound cannot be written as a CHECK', async () => {
  const { rewrite } = await expectFinding(rule, `${ATTACH};`);
  expect(rewrite).toBeUndefined();
});

test('hashes cannot be told by a CHECK', async () => {
  const { hint, rewrite } = await expectFinding(rule, {
    before: ['CREATE TABLE h (a int) PARTITION BY HASH (a);', 'CREATE TABLE b (a int);'],
    sql: 'ALTER TABLE h ATTACH PARTITION b FOR VALUES WITH (MODULUS 2, REMAINDER 0);',
  });
  expect(hint).toContain('For hashes no CHECK spares the reading');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['not validated', "CHECK (at >= '2024-05-01' AND at < '2024-06-01' AND at IS NOT NULL) NOT VALID"],
  ['of another column', 'CHECK (k > 0)'],
  ['that lets nulls pass', "CHECK (at >= '2024-05-01' AND at < '2024-06-01')"],
])('a CHECK %s proves nothing', async (_, check) => {
  await expectFinding(rule, { before: [EVENTS, MAY, `ALTER TABLE may ADD ${check};`], sql: `${ATTACH};` });
});

const DEFAULT = 'CREATE TABLE "rest" PARTITION OF "events" DEFAULT;';

test('the default partition is read, too, even for a new and empty one', async () => {
  const sql = `CREATE TABLE "may" PARTITION OF "events" ${FOR};`;
  const { message, rewrite } = await expectFinding(rule, { before: [EVENTS, DEFAULT], sql });
  expect(message).toContain('rest is the default partition of events');
  expect(rewrite?.[0]?.sql).toBe(
    `ALTER TABLE "rest" ADD CONSTRAINT "rest_without_may_rows" CHECK (NOT ("at" IS NOT NULL AND "at" >= '2024-05-01' AND "at" < '2024-06-01')) NOT VALID;`,
  );
  await expectClean(rule, { before: [EVENTS, DEFAULT], sql: (rewrite ?? []).map((one) => one.sql) });
});

test('both are read', async () => {
  const found = await expectFindings(rule, { before: [EVENTS, DEFAULT, MAY], sql: `${ATTACH};` });
  expect(found).toHaveLength(2);
});

const CHECK = "CHECK (at IS NOT NULL AND at >= '2024-05-01' AND at < '2024-06-01')";

test.each([
  ['a CHECK on the key', [EVENTS, MAY, `ALTER TABLE may ADD ${CHECK};`]],
  [
    'a CHECK validated',
    [
      EVENTS,
      MAY,
      `ALTER TABLE may ADD CONSTRAINT c ${CHECK} NOT VALID;`,
      'ALTER TABLE may VALIDATE CONSTRAINT c;',
    ],
  ],
  [
    'NOT NULL and a CHECK with the table',
    [EVENTS, "CREATE TABLE may (at timestamptz NOT NULL, k int CHECK (k > 0), CHECK (at >= '2024-05-01'));"],
  ],
  ['a foreign table', [EVENTS, 'CREATE FOREIGN TABLE may (at timestamptz) SERVER s;']],
])('a partition with %s', async (_, before) => {
  await expectClean(rule, { before, sql: `${ATTACH};` });
});

test.each([
  ['a table of this deployment', [EVENTS], [MAY, `${ATTACH};`]],
  ['a parent of this deployment', [MAY], `${EVENTS} ${ATTACH};`],
  ['a new partition where there is no default', [EVENTS], `CREATE TABLE may PARTITION OF events ${FOR};`],
  [
    'a default partition that was detached',
    [EVENTS, DEFAULT, 'ALTER TABLE events DETACH PARTITION rest;'],
    `CREATE TABLE may PARTITION OF events ${FOR};`,
  ],
  [
    'a default partition that is ruled out',
    [EVENTS, DEFAULT, `ALTER TABLE rest ADD CHECK (NOT (at >= '2024-05-01'));`],
    `CREATE TABLE may PARTITION OF events ${FOR};`,
  ],
  ['an index', [EVENTS], 'ALTER INDEX events_idx ATTACH PARTITION may_idx;'],
])('%s', async (_, before, sql) => {
  await expectClean(rule, { before, sql });
});

const BOUNDS = [
  ['RANGE (x)', 'date', "FROM ('2024-05-01') TO ('2024-06-01')", "'2024-05-01'", "'2024-06-01'"],
  ['RANGE (x)', 'integer', 'FROM (MINVALUE) TO (10)', '9', '10'],
  ['RANGE (x)', 'timestamptz', "FROM ('2024-05-01') TO (MAXVALUE)", "'2025-01-01'", "'2024-01-01'"],
  ['LIST (x)', 'text', "IN ('eu', 'us')", "'eu'", "'asia'"],
  ['LIST (x)', 'varchar(5)', "IN ('eu')", "'eu'", "'asia'"],
] as const;

describeEachPostgres('the rewrite spares the reading', (postgres) => {
  test.each(BOUNDS)('PARTITION BY %s, %s, FOR VALUES %s', async (by, type, values, within, without) => {
    const before = [
      `CREATE TABLE p (x ${type}) PARTITION BY ${by};`,
      'CREATE TABLE rest PARTITION OF p DEFAULT;',
      `CREATE TABLE c (x ${type});`,
    ];
    const attach = `ALTER TABLE p ATTACH PARTITION c FOR VALUES ${values};`;
    const [found, other] = await expectFindings(rule, { before, sql: attach });
    const rewrite = (found?.rewrite ?? []).map(({ sql }) => sql);
    expect(other?.rewrite).toEqual(found?.rewrite);
    await expectClean(rule, { before, sql: rewrite });
    const rows = [`INSERT INTO c VALUES (${within});`, `INSERT INTO rest VALUES (${without}), (NULL);`];
    const scanned = async (migrations: readonly string[]) => {
      const database = await postgres.createDatabase();
      const outcome = await measureMigrations(database, {
        before: [...before, ...rows].join('\n'),
        migrations,
      });
      expect(outcome.failed).toBeNull();
      return outcome.measurements.find(({ statement }) => statement.includes('ATTACH'))?.scanned;
    };
    expect(await scanned([attach])).toEqual(['c', 'rest']);
    expect(await scanned(rewrite)).toEqual([]);
  });
});
