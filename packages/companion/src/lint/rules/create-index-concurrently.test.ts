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
});

test('where the index is all of the migration, the file is mended', async () => {
  await expectFixed(
    rule,
    '-- for the login\nCREATE INDEX ON "a" ("b");\n',
    '-- for the login\nCREATE INDEX CONCURRENTLY ON "a" ("b");\n',
  );
});

test('beside other statements it is not: the file would lose its transaction', async () => {
  const { edits } = await expectFinding(rule, 'ALTER TABLE a ADD COLUMN b int;\nCREATE INDEX ON a (b);');
  expect(edits).toEqual([]);
});

test.each([
  ['made two lines above', 'CREATE TABLE a (b int);\nCREATE INDEX ON a (b);'],
  [
    'made by an earlier migration of the same deployment',
    ['CREATE TABLE a (b int);', 'CREATE INDEX ON a (b);'],
  ],
  [
    'renamed since it was made',
    'CREATE TABLE z (b int);\nALTER TABLE z RENAME TO a;\nCREATE INDEX ON a (b);',
  ],
  ['temporary', 'CREATE TEMP TABLE a (b int);\nCREATE INDEX ON a (b);'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that was merged long since is no new one', async () => {
  await expectFinding(rule, { before: 'CREATE TABLE a (b int);', sql: 'CREATE INDEX ON a (b);' });
});

test('a partitioned table takes no CONCURRENTLY', async () => {
  await expectClean(rule, {
    before: 'CREATE TABLE a (b int) PARTITION BY RANGE (b);',
    sql: 'CREATE INDEX ON a (b);',
  });
});

test('a table that the config calls small', async () => {
  const sql = 'CREATE INDEX ON settings (b);';
  await expectClean(rule, { sql, settings: { smallTables: ['settings'] } });
});
