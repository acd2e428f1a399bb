import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { primaryKeyUsingIndex as rule } from './primary-key-using-index.ts';

test('over columns that are known NOT NULL', async () => {
  const before = 'CREATE TABLE a (b int NOT NULL, c int NOT NULL);';
  const { message, rewrite } = await expectFinding(rule, {
    before,
    sql: 'ALTER TABLE "a" ADD CONSTRAINT "a_b_c_pk" PRIMARY KEY("b","c");',
  });
  expect(message).toContain('PRIMARY KEY locks a against reads and writes (ACCESS EXCLUSIVE)');
  expect(message).not.toContain('nulls');
  expect(rewrite).toEqual([
    {
      title: 'a migration of its own',
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY "a_b_c_pk" ON "a" ("b", "c");',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "a" ADD CONSTRAINT "a_b_c_pk" PRIMARY KEY USING INDEX "a_b_c_pk";',
    },
  ]);
  await expectClean(rule, { before, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('over a column that may be null, NOT NULL is proven before', async () => {
  const { message, rewrite } = await expectFinding(rule, 'ALTER TABLE a ADD PRIMARY KEY (b);');
  expect(message).toContain('every row is searched for nulls in b');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE "a" ADD CONSTRAINT "a_b_present" CHECK ("b" IS NOT NULL) NOT VALID;',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "a" VALIDATE CONSTRAINT "a_b_present";--> statement-breakpoint\nALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL;--> statement-breakpoint\nALTER TABLE "a" DROP CONSTRAINT "a_b_present";',
    },
    { title: 'a migration of its own', sql: 'CREATE UNIQUE INDEX CONCURRENTLY "a_pkey" ON "a" ("b");' },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "a" ADD CONSTRAINT "a_pkey" PRIMARY KEY USING INDEX "a_pkey";',
    },
  ]);
  await expectClean(rule, { before: 'CREATE TABLE a (b int);', sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('what stands beside it keeps its place', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a DROP CONSTRAINT a_check, ADD PRIMARY KEY (b, c);',
  );
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER TABLE a DROP CONSTRAINT a_check;--> statement-breakpoint\nALTER TABLE "a" ADD CONSTRAINT "a_b_present" CHECK ("b" IS NOT NULL) NOT VALID;--> statement-breakpoint\nALTER TABLE "a" ADD CONSTRAINT "a_c_present" CHECK ("c" IS NOT NULL) NOT VALID;',
  );
});

test('USING INDEX over a column that may be null', async () => {
  const before = 'CREATE TABLE a (b int);\nCREATE UNIQUE INDEX x ON a (b);';
  const { message, rewrite } = await expectFinding(rule, {
    before,
    sql: 'ALTER TABLE a ADD CONSTRAINT x PRIMARY KEY USING INDEX x;',
  });
  expect(message).toContain('b of a may be null');
  expect(rewrite?.at(-1)?.sql).toBe('ALTER TABLE a ADD CONSTRAINT x PRIMARY KEY USING INDEX x;');
  await expectClean(rule, { before, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('from PostgreSQL 18 on, NOT NULL itself can be NOT VALID', async () => {
  const settings = { postgresVersion: 18 };
  const { rewrite } = await expectFinding(rule, { sql: 'ALTER TABLE a ADD PRIMARY KEY (b);', settings });
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE "a" ADD CONSTRAINT "a_b_not_null" NOT NULL "b" NOT VALID;');
  const sql = (rewrite ?? []).map((one) => one.sql);
  await expectClean(rule, { before: 'CREATE TABLE a (b int);', sql, settings });
});

test('a new column with one value for all', async () => {
  const { message, hint, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a ADD COLUMN id bigint DEFAULT 0 PRIMARY KEY;',
  );
  expect(message).toContain('with two rows in a, ADD COLUMN fails (23505)');
  expect(hint).toContain('each row its own value in batches');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['in CREATE TABLE', 'CREATE TABLE a (b int PRIMARY KEY);\nCREATE TABLE c (b int, PRIMARY KEY (b));'],
  [
    'on a table made in this deployment',
    'CREATE TABLE "a" ("b" integer);\n--> statement-breakpoint\nALTER TABLE "public"."a" ADD CONSTRAINT "a_pk" PRIMARY KEY("b");',
  ],
  ['on a temporary table', 'CREATE TEMP TABLE a (b int);\nALTER TABLE a ADD PRIMARY KEY (b);'],
  [
    'USING INDEX over columns that are NOT NULL',
    {
      before: 'CREATE TABLE a (b int NOT NULL);\nCREATE UNIQUE INDEX x ON a (b);',
      sql: 'ALTER TABLE a ADD CONSTRAINT x PRIMARY KEY USING INDEX x;',
    },
  ],
  [
    'USING INDEX where a CHECK proves NOT NULL',
    {
      before:
        'CREATE TABLE a (b int);\nCREATE UNIQUE INDEX x ON a (b);\nALTER TABLE a ADD CONSTRAINT n CHECK (b IS NOT NULL) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT n;',
      sql: 'ALTER TABLE a ADD CONSTRAINT x PRIMARY KEY USING INDEX x;',
    },
  ],
  ['USING INDEX of which nothing is known', 'ALTER TABLE a ADD CONSTRAINT x PRIMARY KEY USING INDEX x;'],
  ['of a new serial column', 'ALTER TABLE a ADD COLUMN id bigserial PRIMARY KEY;'],
  [
    'of a new identity column',
    'ALTER TABLE a ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;',
  ],
  [
    'of a new column with a value for each row',
    'ALTER TABLE a ADD id uuid DEFAULT gen_random_uuid() PRIMARY KEY;',
  ],
  ['of a new column without any value', 'ALTER TABLE a ADD id uuid PRIMARY KEY;'],
  ['other constraints', 'ALTER TABLE a ADD UNIQUE (b), ADD CHECK (b > 0);'],
  ['on a small table', { sql: 'ALTER TABLE a ADD PRIMARY KEY (b);', settings: { smallTables: ['a'] } }],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});

test.each([
  ['in one statement', 'ALTER TABLE "p" DROP CONSTRAINT "p_pkey", ADD PRIMARY KEY ("id", "sku");'],
  [
    'one after the other',
    'ALTER TABLE "p" DROP CONSTRAINT "p_pkey";--> statement-breakpoint\nALTER TABLE "p" ADD PRIMARY KEY ("id", "sku");',
  ],
])('a key replaced under its name, %s', async (_, sql) => {
  const before = 'CREATE TABLE p (id int PRIMARY KEY, sku int NOT NULL);';
  for (const there of ['', before]) {
    const { rewrite, hint } = await expectFinding(rule, { before: there, sql });
    expect(hint).toContain('Leave the old key until then');
    expect(rewrite?.slice(-2)).toEqual([
      {
        title: 'a migration of its own',
        sql: 'CREATE UNIQUE INDEX CONCURRENTLY "p_pkey_new" ON "p" ("id", "sku");',
      },
      {
        title: 'a later migration',
        sql: 'ALTER TABLE "p" DROP CONSTRAINT "p_pkey", ADD CONSTRAINT "p_pkey" PRIMARY KEY USING INDEX "p_pkey_new";',
      },
    ]);
  }
});

test('a key replaced under another name, as drizzle-kit does it', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE p (id int NOT NULL, sku int NOT NULL, CONSTRAINT p_id_pk PRIMARY KEY (id));',
    sql: 'ALTER TABLE "p" DROP CONSTRAINT "p_id_pk";--> statement-breakpoint\nALTER TABLE "p" ADD CONSTRAINT "p_id_sku_pk" PRIMARY KEY("id","sku");',
  });
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'CREATE UNIQUE INDEX CONCURRENTLY "p_id_sku_pk" ON "p" ("id", "sku");',
    'ALTER TABLE "p" DROP CONSTRAINT "p_id_pk", ADD CONSTRAINT "p_id_sku_pk" PRIMARY KEY USING INDEX "p_id_sku_pk";',
  ]);
});
