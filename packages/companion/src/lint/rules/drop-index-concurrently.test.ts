import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { dropIndexConcurrently as rule } from './drop-index-concurrently.ts';

const before = 'CREATE TABLE users (email text, name text);\nCREATE INDEX users_email_idx ON users (email);';

test('an index that is there', async () => {
  const { message, text, rewrite, edits } = await expectFinding(rule, {
    before,
    sql: 'ALTER TABLE "users" DROP COLUMN "name";\n--> statement-breakpoint\nDROP INDEX "users_email_idx";',
  });
  expect(text).toBe('DROP INDEX "users_email_idx"');
  expect(message).toContain('locks users against reads and writes (ACCESS EXCLUSIVE)');
  expect(rewrite).toEqual([
    { title: 'a migration of its own', sql: 'DROP INDEX CONCURRENTLY "users_email_idx";' },
  ]);
  expect(edits).toEqual([]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('alone in its file it is mended', async () => {
  await expectFixed(
    rule,
    'DROP INDEX IF EXISTS "public"."a_idx";\n',
    'DROP INDEX CONCURRENTLY IF EXISTS "public"."a_idx";\n',
  );
});

test('an index that is not known', async () => {
  const { message } = await expectFinding(rule, 'DROP INDEX a_idx;');
  expect(message).toContain('locks the table of the index');
});

test('several take a statement each, and CASCADE goes', async () => {
  const { rewrite, edits } = await expectFinding(rule, 'DROP INDEX IF EXISTS a_idx, billing.b_idx CASCADE;');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'DROP INDEX CONCURRENTLY IF EXISTS "a_idx";',
    'DROP INDEX CONCURRENTLY IF EXISTS "billing"."b_idx";',
  ]);
  expect(edits).toEqual([]);
});

test.each([
  ['CONCURRENTLY', { before, sql: 'DROP INDEX CONCURRENTLY users_email_idx;' }],
  ['a table made in this deployment', `${before}\nDROP INDEX users_email_idx;`],
  [
    'an index made in this deployment',
    { before, sql: ['CREATE INDEX CONCURRENTLY x ON users (email);', 'DROP INDEX x;'] },
  ],
  ['a temporary table', 'CREATE TEMP TABLE a (b int);\nCREATE INDEX x ON a (b);\nDROP INDEX x;'],
  [
    'a partitioned table, where CONCURRENTLY is refused',
    {
      before: 'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE INDEX x ON a (b);',
      sql: 'DROP INDEX x;',
    },
  ],
  [
    'a constraint, whose index cannot be dropped at all',
    { before: 'CREATE TABLE a (b int UNIQUE);', sql: 'DROP INDEX a_b_key;' },
  ],
  ['something else that is dropped', 'DROP TABLE a;'],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});

test('a small table', async () => {
  await expectClean(rule, {
    before,
    sql: 'DROP INDEX users_email_idx;',
    settings: { smallTables: ['users'] },
  });
});
