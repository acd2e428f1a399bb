import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { reindexConcurrently as rule } from './reindex-concurrently.ts';

const before = 'CREATE TABLE users (email text);\nCREATE INDEX users_email_idx ON users (email);';

test('an index', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before,
    sql: 'SELECT 1;\nREINDEX INDEX "users_email_idx";',
  });
  expect(message).toContain('REINDEX locks users against writes (SHARE)');
  expect(rewrite).toEqual([
    { title: 'a migration of its own', sql: 'REINDEX INDEX CONCURRENTLY "users_email_idx";' },
  ]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test.each([
  ['REINDEX TABLE "public"."users";', 'REINDEX TABLE CONCURRENTLY "public"."users";'],
  ['REINDEX (VERBOSE) INDEX x;', 'REINDEX (VERBOSE) INDEX CONCURRENTLY x;'],
  ['REINDEX SCHEMA billing;', 'REINDEX SCHEMA CONCURRENTLY billing;'],
])('%s is mended', async (sql, fixed) => {
  await expectFixed(rule, sql, fixed);
});

test('system catalogs know no other way', async () => {
  const { hint, rewrite } = await expectFinding(rule, 'REINDEX SYSTEM postgres;');
  expect(hint).toContain('when nobody works with the database');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['CONCURRENTLY', 'REINDEX INDEX CONCURRENTLY x;'],
  ['CONCURRENTLY among the options', 'REINDEX (CONCURRENTLY, VERBOSE) TABLE users;'],
  ['a table made in this deployment', `${before}\nREINDEX TABLE users;`],
  ['its index', `${before}\nREINDEX INDEX users_email_idx;`],
  ['a temporary table', 'CREATE TEMP TABLE a (b int);\nREINDEX TABLE a;'],
  [
    'an index made in this deployment',
    { before, sql: ['CREATE INDEX CONCURRENTLY x ON users (email);', 'REINDEX INDEX x;'] },
  ],
  [
    'a partitioned table in a transaction, where PostgreSQL refuses it',
    {
      before: 'CREATE TABLE logs (id int, day date) PARTITION BY RANGE (day);',
      sql: 'REINDEX TABLE logs;\nSELECT 1;',
    },
  ],
  ['a small table', { before, sql: 'REINDEX TABLE users;', settings: { smallTables: ['users'] } }],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
