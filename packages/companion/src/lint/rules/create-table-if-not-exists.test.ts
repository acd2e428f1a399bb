import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { createTableIfNotExists as rule } from './create-table-if-not-exists.ts';

const before = 'CREATE TABLE IF NOT EXISTS "users" ("id" serial PRIMARY KEY NOT NULL, "name" text);';

test('a table that is there with other columns', async () => {
  const { message } = await expectFinding(rule, {
    before,
    sql: 'CREATE TABLE IF NOT EXISTS "public"."users" ("id" serial PRIMARY KEY, "email" text, "orgId" int);',
  });
  expect(message).toContain('users is there already, made by 0000_test, and has no email and "orgId".');
});

test('a table of the same deployment', async () => {
  await expectFinding(rule, ['CREATE TABLE a (b int);', 'CREATE TABLE IF NOT EXISTS a (c int);']);
});

test.each([
  ['the same again', before],
  ['fewer columns', 'CREATE TABLE IF NOT EXISTS users (id int);'],
  ['a table that is not known', 'CREATE TABLE IF NOT EXISTS other (id int);'],
  ['a table that was dropped', 'DROP TABLE users;\nCREATE TABLE IF NOT EXISTS users (email text);'],
  [
    'a table of which not all columns are known',
    'CREATE TABLE x (LIKE y);\nCREATE TABLE IF NOT EXISTS x (id int);',
  ],
  ['without IF NOT EXISTS PostgreSQL tells', 'CREATE TABLE users (email text);'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before, sql });
});
