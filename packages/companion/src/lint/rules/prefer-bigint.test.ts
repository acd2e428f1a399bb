import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { preferBigint as rule } from './prefer-bigint.ts';

test('a primary key, as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TABLE "orders" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"total" integer\n);',
  );
  expect(text).toBe('"id" serial');
  expect(message).toContain('orders.id ends at 2,147,483,647');
  expect(hint).toContain("bigint('id', { mode: 'number' }).generatedByDefaultAsIdentity()");
});

test.each([
  ['CREATE TABLE a (b integer PRIMARY KEY);', '2,147,483,647'],
  ['CREATE TABLE a (b smallint, PRIMARY KEY (b));', '32,767'],
  [
    'CREATE TABLE a (b int GENERATED ALWAYS AS IDENTITY);\nALTER TABLE a ADD PRIMARY KEY (b);',
    '2,147,483,647',
  ],
])('%s', async (sql, range) => {
  const { message } = await expectFinding(rule, sql);
  expect(message).toContain(range);
});

test('with the option for every column', async () => {
  const sql = 'CREATE TABLE a (b bigint PRIMARY KEY, c integer, d smallint, e text);';
  await expectClean(rule, sql);
  const found = await expectFindings(rule, { sql, options: { primaryKeysOnly: false } });
  expect(found.map(({ text }) => text)).toEqual(['c integer', 'd smallint']);
});

test.each([
  ['wide already', 'CREATE TABLE a (b bigserial PRIMARY KEY);'],
  ['no number', 'CREATE TABLE a (b uuid PRIMARY KEY, c integer);'],
  ['a key of two columns', 'CREATE TABLE a (b integer, c integer, PRIMARY KEY (b, c));'],
  [
    'a key that refers to another, by a statement of its own as drizzle-kit writes it',
    'CREATE TABLE "profiles" ("user_id" integer PRIMARY KEY NOT NULL);--> statement-breakpoint\nALTER TABLE "profiles" ADD CONSTRAINT "fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id");',
  ],
  ['temporary', 'CREATE TEMP TABLE a (b serial PRIMARY KEY);'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});
