import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { tableWithoutPrimaryKey as rule } from './table-without-primary-key.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message } = await expectFinding(
    rule,
    'CREATE TABLE "public"."events" (\n\t"at" timestamp with time zone NOT NULL\n);\n',
  );
  expect(text).toBe('CREATE TABLE "public"."events"');
  expect(message).toContain('events has no primary key');
});

test('a table made of a query', async () => {
  await expectFinding(rule, 'CREATE TABLE a AS SELECT 1 AS b;');
});

test('a key that is taken away again', async () => {
  await expectFinding(rule, 'CREATE TABLE a (b int PRIMARY KEY);\nALTER TABLE a DROP CONSTRAINT a_pkey;');
});

test.each([
  ['CREATE TABLE a (b int PRIMARY KEY);'],
  ['CREATE TABLE "a" ("b" int, "c" int, CONSTRAINT "a_pk" PRIMARY KEY("b","c"));'],
  ['CREATE TABLE a (b int);\nALTER TABLE a ADD PRIMARY KEY (b);'],
  ['CREATE TABLE a AS SELECT 1 AS b;\nALTER TABLE a ADD PRIMARY KEY (b);'],
  ['CREATE TEMP TABLE a (b int);'],
  ['CREATE TABLE a PARTITION OF c FOR VALUES IN (1);'],
  ['CREATE TABLE a (LIKE c INCLUDING ALL);'],
  ['CREATE TABLE a (b int);\nDROP TABLE a;'],
  ['CREATE VIEW a AS SELECT 1;'],
  ['CREATE MATERIALIZED VIEW a AS SELECT 1 AS b;'],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});

test('a table that was there before', async () => {
  await expectClean(rule, {
    before: 'CREATE TABLE a (b int);',
    sql: 'CREATE TABLE IF NOT EXISTS a (b int);',
  });
});
