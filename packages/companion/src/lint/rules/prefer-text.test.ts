import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { preferText as rule } from './prefer-text.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TABLE "users" (\n\t"id" bigint PRIMARY KEY NOT NULL,\n\t"name" varchar(255) DEFAULT \'\' NOT NULL\n);',
  );
  expect(text).toBe('"name" varchar(255)');
  expect(message).toContain('users.name is varchar(255)');
  expect(hint).toContain("text('name')");
  expect(hint).toContain('table.name}) <= 255');
});

test('in full', async () => {
  const { text } = await expectFinding(rule, 'ALTER TABLE a ADD COLUMN b character varying(20)[];');
  expect(text).toBe('b character varying(20)[]');
});

test.each([
  ['CREATE TABLE a (b text, c varchar, d character varying);'],
  ['CREATE TEMP TABLE a (b varchar(20));'],
  ['CREATE TABLE a (b char(2), c numeric(10, 2));'],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
