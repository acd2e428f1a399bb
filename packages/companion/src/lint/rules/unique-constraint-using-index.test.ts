import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { uniqueConstraintUsingIndex as rule } from './unique-constraint-using-index.ts';

const KIT = 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE("email");';

test('as drizzle-kit writes it', async () => {
  const { message, text, rewrite } = await expectFinding(rule, KIT);
  expect(text).toBe(KIT.slice(0, -1));
  expect(message).toContain('UNIQUE locks users against reads and writes (ACCESS EXCLUSIVE)');
  expect(rewrite).toEqual([
    {
      title: 'a migration of its own',
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY "users_email_unique" ON "users" ("email");',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE USING INDEX "users_email_unique";',
    },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('with all that can be said of it', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE billing.a ADD UNIQUE NULLS NOT DISTINCT (b, c) INCLUDE (d) WITH (fillfactor = 70) USING INDEX TABLESPACE fast DEFERRABLE INITIALLY DEFERRED;',
  );
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'CREATE UNIQUE INDEX CONCURRENTLY "a_b_c_key" ON "billing"."a" ("b", "c") INCLUDE ("d") NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE "fast";',
    'ALTER TABLE "billing"."a" ADD CONSTRAINT "a_b_c_key" UNIQUE USING INDEX "a_b_c_key" DEFERRABLE INITIALLY DEFERRED;',
  ]);
});

test('with a new column the column comes first', async () => {
  const { rewrite } = await expectFinding(
    rule,
    "ALTER TABLE a ADD COLUMN b text CONSTRAINT once UNIQUE WITH (fillfactor = 70) DEFERRABLE CHECK (b <> ''), ADD COLUMN c numeric(10, 2);",
  );
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    "ALTER TABLE a ADD COLUMN b text CHECK (b <> ''), ADD COLUMN c numeric(10, 2);",
    'CREATE UNIQUE INDEX CONCURRENTLY "once" ON "a" ("b") WITH (fillfactor = 70);',
    'ALTER TABLE "a" ADD CONSTRAINT "once" UNIQUE USING INDEX "once" DEFERRABLE;',
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('two at once leave the same rest', async () => {
  const found = await expectFindings(
    rule,
    'ALTER TABLE a ADD UNIQUE (b), ADD COLUMN d int DEFAULT 0, ADD UNIQUE (c);',
  );
  expect(found.map(({ rewrite }) => rewrite?.[0]?.sql)).toEqual([
    'ALTER TABLE a ADD COLUMN d int DEFAULT 0;',
    'ALTER TABLE a ADD COLUMN d int DEFAULT 0;',
  ]);
});

test('an index that is there is taken over', async () => {
  const before = 'CREATE TABLE users (email text);\nCREATE UNIQUE INDEX users_email_idx ON users (email);';
  const { hint, rewrite } = await expectFinding(rule, { before, sql: KIT });
  expect(hint).toContain('users_email_idx, which is there');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE USING INDEX "users_email_idx";',
    },
  ]);
});

const PARTITIONED =
  'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9);';

test('a partitioned table knows no USING INDEX', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: PARTITIONED,
    sql: 'ALTER TABLE "a" ADD CONSTRAINT "once" UNIQUE("b");',
  });
  expect(message).toContain('a and all of its partitions');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'CREATE UNIQUE INDEX CONCURRENTLY "a1_b_key" ON "a1" ("b");',
    'ALTER TABLE ONLY "a" ADD CONSTRAINT "once" UNIQUE ("b");--> statement-breakpoint\nALTER TABLE "a1" ADD CONSTRAINT "a1_b_key" UNIQUE USING INDEX "a1_b_key";--> statement-breakpoint\nALTER INDEX "once" ATTACH PARTITION "a1_b_key";',
  ]);
  await expectClean(rule, { before: PARTITIONED, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'DO $$ BEGIN\n ALTER TABLE "a" ADD CONSTRAINT "once" UNIQUE("b");\nEXCEPTION WHEN duplicate_table THEN null;\nEND $$;',
  );
  expect(rewrite?.[0]?.sql).toBe('CREATE UNIQUE INDEX CONCURRENTLY "once" ON "a" ("b");');
});

test.each([
  ['in CREATE TABLE', 'CREATE TABLE a (b text UNIQUE, c int, CONSTRAINT x UNIQUE (b, c));'],
  [
    'on a table made in this deployment',
    `CREATE TABLE "users" ("email" text);\n--> statement-breakpoint\n${KIT}`,
  ],
  ['made by an earlier migration of it', ['CREATE TABLE "public"."users" ("email" text);', KIT]],
  ['on a temporary table', 'CREATE TEMP TABLE a (b int);\nALTER TABLE a ADD UNIQUE (b);'],
  ['USING INDEX', 'ALTER TABLE a ADD CONSTRAINT x UNIQUE USING INDEX x;'],
  ['WITHOUT OVERLAPS, where nothing is concurrent', 'ALTER TABLE a ADD UNIQUE (b, c WITHOUT OVERLAPS);'],
  ['other constraints', 'ALTER TABLE a ADD CHECK (b > 0), ADD PRIMARY KEY (b), ADD COLUMN c int NOT NULL;'],
  ['on a small table', { sql: KIT, settings: { smallTables: ['users'] } }],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
