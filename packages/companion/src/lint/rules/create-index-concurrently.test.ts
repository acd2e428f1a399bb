import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { createIndexConcurrently as rule } from './create-index-concurrently.ts';

test('an index on a table that is there', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    'SELECT 1;\nCREATE UNIQUE INDEX "users_email" ON "users" ("email");',
  );
  expect(text).toBe('CREATE UNIQUE INDEX "users_email" ON "users" ("email")');
  expect(message).toContain('CREATE INDEX locks users against writes (SHARE)');
  expect(rewrite).toEqual([
    {
      title: 'a migration of its own',
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY "users_email" ON "users" ("email");',
    },
  ]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('where the index is all of the migration, the file is mended, and a nameless index gets its name', async () => {
  await expectFixed(
    rule,
    '-- for the login\nCREATE INDEX ON "a" ("b", lower("c"));\n',
    '-- for the login\nCREATE INDEX CONCURRENTLY "a_b_expr_idx" ON "a" ("b", lower("c"));\n',
  );
});

test('in a file that runs without a transaction it is mended beside others', async () => {
  await expectFixed(
    rule,
    'CREATE INDEX CONCURRENTLY x ON a (b);\nCREATE INDEX y ON a (c);',
    'CREATE INDEX CONCURRENTLY x ON a (b);\nCREATE INDEX CONCURRENTLY y ON a (c);',
  );
});

test('beside other statements it is not: the file would lose its transaction', async () => {
  const { edits } = await expectFinding(rule, 'ALTER TABLE a ADD COLUMN b int;\nCREATE INDEX ON a (b);');
  expect(edits).toEqual([]);
});

test('under stock drizzle, which has no place for CONCURRENTLY', async () => {
  const { edits, hint, rewrite } = await expectFinding(rule, {
    sql: 'CREATE INDEX x ON a (b);',
    settings: { runner: 'drizzle' },
  });
  expect(edits).toEqual([]);
  expect(hint).toContain('stock drizzle runs every migration in a transaction');
  expect(rewrite).toEqual([
    { title: 'by hand, before the deployment', sql: 'CREATE INDEX CONCURRENTLY x ON a (b);' },
  ]);
});

test('IF NOT EXISTS is kept, and what it overlooks is told', async () => {
  const { hint, rewrite } = await expectFinding(rule, 'CREATE INDEX IF NOT EXISTS x ON a (b);');
  expect(hint).toContain('INVALID index');
  expect(rewrite?.[0]?.sql).toBe('CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON a (b);');
});

test('inside a DO block', async () => {
  const { rewrite, edits } = await expectFinding(
    rule,
    "DO $$ BEGIN IF current_user = 'x' THEN CREATE INDEX x ON a (b); END IF; END $$;",
  );
  expect(rewrite?.[0]?.sql).toBe('CREATE INDEX CONCURRENTLY x ON a (b);');
  expect(edits).toEqual([]);
});

test('a partition that is there is a table like any other', async () => {
  const before =
    'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9);';
  const { message } = await expectFinding(rule, { before, sql: 'CREATE INDEX x ON a1 (b);' });
  expect(message).toContain('locks a1 against writes');
});

test.each([
  ['made two lines above', 'CREATE TABLE a (b int);\nCREATE INDEX ON a (b);'],
  [
    'made as drizzle-kit writes it',
    'CREATE TABLE "a" ("b" integer);\n--> statement-breakpoint\nCREATE INDEX "a_b_idx" ON "a" USING btree ("b");',
  ],
  [
    'made by an earlier migration of the same deployment',
    ['CREATE TABLE a (b int);', 'CREATE INDEX ON a (b);'],
  ],
  [
    'renamed since it was made',
    'CREATE TABLE z (b int);\nALTER TABLE z RENAME TO a;\nCREATE INDEX ON a (b);',
  ],
  ['temporary', 'CREATE TEMP TABLE a (b int);\nCREATE INDEX ON a (b);'],
  ['made by a query', 'CREATE TABLE a AS SELECT 1 AS b;\nCREATE INDEX ON a (b);'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that was merged long since is no new one', async () => {
  await expectFinding(rule, { before: 'CREATE TABLE a (b int);', sql: 'CREATE INDEX ON a (b);' });
});

test('a materialized view, which nobody writes to', async () => {
  await expectClean(rule, {
    before: 'CREATE MATERIALIZED VIEW a AS SELECT 1 AS b;',
    sql: 'CREATE UNIQUE INDEX x ON a (b);',
  });
});

test('an index that is there already, with IF NOT EXISTS', async () => {
  await expectClean(rule, {
    before: 'CREATE INDEX CONCURRENTLY "x" ON "public"."a" ("b");',
    sql: 'CREATE INDEX IF NOT EXISTS "x" ON "public"."a" ("b");',
  });
});

test('a table that the config calls small', async () => {
  const sql = 'CREATE INDEX ON settings (b);';
  await expectClean(rule, { sql, settings: { smallTables: ['settings'] } });
});

const PARTITIONED = `CREATE TABLE a (b int) PARTITION BY RANGE (b);
CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9);
CREATE TABLE a2 PARTITION OF a FOR VALUES FROM (9) TO (19);`;

test('a partitioned table takes it partition by partition', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: PARTITIONED,
    sql: 'CREATE INDEX "a_b" ON "public"."a" USING btree ("b" DESC);',
  });
  expect(message).toContain('locks a and all of its partitions against writes (SHARE)');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'CREATE INDEX "a_b" ON ONLY "public"."a" USING btree ("b" DESC);' },
    {
      title: 'a migration of its own',
      sql: 'CREATE INDEX CONCURRENTLY "a1_b_idx" ON "a1" USING btree ("b" DESC);',
    },
    {
      title: 'a migration of its own',
      sql: 'CREATE INDEX CONCURRENTLY "a2_b_idx" ON "a2" USING btree ("b" DESC);',
    },
    {
      title: 'a later migration',
      sql: 'ALTER INDEX "public"."a_b" ATTACH PARTITION "a2_b_idx";--> statement-breakpoint\nALTER INDEX "public"."a_b" ATTACH PARTITION "a1_b_idx";',
    },
  ]);
  await expectClean(rule, { before: PARTITIONED, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('a partitioned table refuses CONCURRENTLY', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: PARTITIONED,
    sql: 'CREATE INDEX CONCURRENTLY "a_b" ON "a" ("b");',
  });
  expect(message).toContain('PostgreSQL refuses CREATE INDEX CONCURRENTLY on a partitioned table');
  expect(rewrite?.[0]?.sql).toBe('CREATE INDEX "a_b" ON ONLY "a" ("b");');
});

test('a new partitioned table refuses it as well, and needs no more than to leave it out', async () => {
  const { hint, rewrite } = await expectFinding(
    rule,
    'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE INDEX CONCURRENTLY x ON a (b);',
  );
  expect(hint).toContain('leave CONCURRENTLY out');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['made in this deployment', { sql: `${PARTITIONED}\nCREATE INDEX ON a (b);` }],
  ['indexed on the parent alone', { before: PARTITIONED, sql: 'CREATE INDEX ON ONLY a (b);' }],
  [
    'given a new partition',
    {
      before: PARTITIONED,
      sql: 'CREATE TABLE a3 PARTITION OF a FOR VALUES FROM (20) TO (29);\nCREATE INDEX ON a3 (b);',
    },
  ],
])('a partitioned table that is %s', async (_, input) => {
  await expectClean(rule, input);
});

const OPEN_IDX = "CREATE INDEX doors_open_idx ON doors (room) WHERE state = 'open';";
const DOORS = `CREATE TYPE state AS ENUM ('open', 'shut');
CREATE TABLE doors (state state, note varchar(10), room int);
${OPEN_IDX}`;
const CHANGE = 'ALTER TABLE doors ALTER COLUMN state TYPE text;';

test('an index that made way for a change of type which writes the table anew, its indexes among it', async () => {
  await expectClean(rule, { before: DOORS, sql: `DROP INDEX doors_open_idx;\n${CHANGE}\n${OPEN_IDX}` });
});

test.each([
  [
    'another index than the one that was dropped',
    `DROP INDEX doors_open_idx;\n${CHANGE}\nCREATE INDEX x ON doors (room);`,
  ],
  [
    'a change that needs no index anew',
    `DROP INDEX doors_open_idx;\nALTER TABLE doors ALTER COLUMN note TYPE text;\n${OPEN_IDX}`,
  ],
  ['no change in between', `${CHANGE}\nDROP INDEX doors_open_idx;\n${OPEN_IDX}`],
])('%s', async (_, sql) => {
  const { text } = await expectFinding(rule, { before: DOORS, sql });
  expect(text).toMatch(/^CREATE INDEX/);
});
