import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { banChar as rule } from './ban-char.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TABLE "users" (\n\t"id" bigint PRIMARY KEY NOT NULL,\n\t"country" char(2) NOT NULL\n);',
  );
  expect(text).toBe('"country" char(2)');
  expect(message).toContain(
    'users.country is char(2): every value is filled up with spaces to a length of 2',
  );
  expect(hint).toContain('table.country}) = 2');
});

test.each([
  ['CREATE TABLE a (b char);', 'a length of 1'],
  ['CREATE TABLE a (b character(3));', 'a length of 3'],
  ['CREATE TABLE a (b bpchar);', 'does not tell trailing spaces from none'],
])('%s', async (sql, said) => {
  const { message } = await expectFinding(rule, sql);
  expect(message).toContain(said);
});

test.each([
  ['CREATE TABLE a (b text, c varchar(2));'],
  ['CREATE TABLE a (b "char");'],
  ['CREATE TEMP TABLE a (b char(2));'],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
