import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { preferJsonb as rule } from './prefer-jsonb.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TABLE "orders" (\n\t"id" bigint PRIMARY KEY NOT NULL,\n\t"details" json NOT NULL\n);',
  );
  expect(text).toBe('"details" json');
  expect(message).toContain('orders.details keeps json as text');
  expect(hint).toContain("In the schema: jsonb('details').");
});

test.each([
  ['CREATE TABLE a (b jsonb);'],
  ['CREATE TEMP TABLE a (b json);'],
  ['CREATE TABLE a (json text);'],
  ["UPDATE a SET b = '{}'::json WHERE c;"],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
