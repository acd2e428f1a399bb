import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { preferTimestamptz as rule } from './prefer-timestamptz.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TABLE "orders" (\n\t"id" bigint PRIMARY KEY NOT NULL,\n\t"paid_at" timestamp (3) DEFAULT now() NOT NULL\n);',
  );
  expect(text).toBe('"paid_at" timestamp (3)');
  expect(message).toContain('orders.paid_at holds a date and a time of day, and not which moment');
  expect(hint).toBe(
    "In the schema: timestamp('paid_at', { withTimezone: true }). It takes the same 8 bytes.",
  );
});

test.each([
  ['ALTER TABLE "a" ADD COLUMN "b" timestamp without time zone;', '"b" timestamp without time zone'],
  ['ALTER TABLE a ADD b timestamp[] NOT NULL;', 'b timestamp[]'],
  ['CREATE TABLE "é" (c date, b pg_catalog.timestamp);', 'b pg_catalog.timestamp'],
])('%s', async (sql, pointed) => {
  const { text } = await expectFinding(rule, sql);
  expect(text).toBe(pointed);
});

test('a column that is given the type', async () => {
  const { message } = await expectFinding(rule, 'ALTER TABLE a ALTER COLUMN b SET DATA TYPE timestamp;');
  expect(message).toContain('a.b holds');
});

test.each([
  ['CREATE TABLE a (b timestamptz, c timestamp with time zone, d date, e time);'],
  ['CREATE TEMP TABLE a (b timestamp);'],
  ['CREATE TABLE a (b shop.timestamp);'],
  ['ALTER TABLE a DROP COLUMN b;'],
  ["SELECT '2024-01-01'::timestamp;"],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
