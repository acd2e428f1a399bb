import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { oneConcurrentlyPerMigration as rule } from './one-concurrently-per-migration.ts';

test('beside other statements', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    "ALTER TABLE a ADD COLUMN b int;\n--> statement-breakpoint\nALTER TABLE a ADD COLUMN c int;\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY x ON a (b);\n--> statement-breakpoint\nCOMMENT ON INDEX x IS 'for b';",
  );
  expect(text).toBe('CREATE INDEX CONCURRENTLY x ON a (b)');
  expect(message).toContain('the 3 statements beside it commit by themselves');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE a ADD COLUMN b int;--> statement-breakpoint\nALTER TABLE a ADD COLUMN c int;',
    },
    { title: 'a migration of its own', sql: 'CREATE INDEX CONCURRENTLY x ON a (b);' },
    { title: 'a later migration', sql: "COMMENT ON INDEX x IS 'for b';" },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('a limit that the file sets goes along', async () => {
  const { rewrite } = await expectFinding(
    rule,
    "SET statement_timeout = '1h';\nDROP INDEX CONCURRENTLY x;\nALTER TABLE a ADD COLUMN b int;",
  );
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    "SET statement_timeout = '1h';--> statement-breakpoint\nDROP INDEX CONCURRENTLY x;",
    "SET statement_timeout = '1h';--> statement-breakpoint\nALTER TABLE a ADD COLUMN b int;",
  ]);
});

test('on a table of this deployment CONCURRENTLY is taken out', async () => {
  const { hint } = await expectFinding(
    rule,
    'CREATE TABLE a (b int);\nCREATE INDEX CONCURRENTLY x ON a (b);',
  );
  expect(hint).toContain('leave CONCURRENTLY out');
  await expectFixed(
    rule,
    'CREATE TABLE "a" ("b" integer);\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY "x" ON "a" USING btree ("b");--> statement-breakpoint\nCREATE UNIQUE INDEX CONCURRENTLY "y" ON "a" ("b");',
    'CREATE TABLE "a" ("b" integer);\n--> statement-breakpoint\nCREATE INDEX "x" ON "a" USING btree ("b");--> statement-breakpoint\nCREATE UNIQUE INDEX "y" ON "a" ("b");',
  );
});

test('several, where the team wants one a file', async () => {
  const sql = 'CREATE INDEX CONCURRENTLY x ON a (b);\nCREATE INDEX CONCURRENTLY y ON a (c);';
  const { text, rewrite } = await expectFinding(rule, { sql, options: { several: true } });
  expect(text).toBe('CREATE INDEX CONCURRENTLY y ON a (c)');
  expect(rewrite).toHaveLength(2);
  await expectClean(rule, { sql: (rewrite ?? []).map((one) => one.sql), options: { several: true } });
});

test.each([
  ['one alone', 'CREATE INDEX CONCURRENTLY x ON a (b);'],
  ['with a limit of its own', "SET statement_timeout = '1h';\nCREATE INDEX CONCURRENTLY x ON a (b);"],
  [
    'several: a run goes on with the one that failed',
    'DROP INDEX CONCURRENTLY IF EXISTS x;\nCREATE INDEX CONCURRENTLY x ON a (b);',
  ],
  [
    'a file that ends its transaction itself',
    'ALTER TABLE a ADD COLUMN b int;\nCOMMIT;\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY x ON a (b);',
  ],
  [
    'a file that says it wants none',
    '-- drizzle-companion: no-transaction\nALTER TABLE a ADD COLUMN b int;\nCREATE INDEX CONCURRENTLY x ON a (b);',
  ],
  ['a file with a transaction', 'CREATE TABLE a (b int);\nCREATE INDEX x ON a (b);'],
  [
    'stock drizzle, where it fails',
    {
      sql: 'ALTER TABLE a ADD COLUMN b int;\nCREATE INDEX CONCURRENTLY x ON a (b);',
      settings: { runner: 'drizzle' as const },
    },
  ],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
