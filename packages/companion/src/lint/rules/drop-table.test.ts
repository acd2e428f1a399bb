import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { dropTable as rule } from './drop-table.ts';

const SHOP = `CREATE TABLE "plans" ("id" int PRIMARY KEY);
CREATE TABLE "users" ("id" int PRIMARY KEY, "plan" int REFERENCES "plans");
CREATE TABLE "items" ("id" int PRIMARY KEY);
CREATE TABLE "orders" ("id" int PRIMARY KEY, "user_id" int, "item" int);
ALTER TABLE "orders" ADD CONSTRAINT "orders_user_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id");
ALTER TABLE "orders" ADD CONSTRAINT "orders_item_fk" FOREIGN KEY ("item") REFERENCES "public"."items"("id");`;

test('a table that nothing is known of', async () => {
  const { message, text, rewrite } = await expectFinding(rule, 'DROP TABLE IF EXISTS "users";');
  expect(text).toBe('DROP TABLE IF EXISTS "users"');
  expect(message).toBe(
    'DROP TABLE takes users with every row; only a backup brings them back. A release that still runs and names it fails from the commit on (42P01).',
  );
  expect(rewrite).toBeUndefined();
});

test('as drizzle-kit writes it, of a table that others point to', async () => {
  const { message } = await expectFinding(rule, {
    before: SHOP,
    sql: 'ALTER TABLE "plans" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint\nDROP TABLE "plans" CASCADE;',
  });
  expect(message).toContain('CASCADE also drops the foreign keys of users, and every view');
  expect(message).toContain('With it go foreign keys to or from users: each of these tables is locked');
});

test('without CASCADE such a table stays', async () => {
  const { message } = await expectFinding(rule, { before: SHOP, sql: 'DROP TABLE plans;' });
  expect(message).toContain('As it stands it fails (2BP01): foreign keys of users point there.');
});

test('several foreign keys go one by one', async () => {
  const { message, hint, rewrite } = await expectFinding(rule, { before: SHOP, sql: 'DROP TABLE "orders";' });
  expect(message).toContain('foreign keys to or from users and items');
  expect(hint).toContain('in migrations of their own');
  expect(rewrite).toEqual([
    { title: 'before it, by itself', sql: 'ALTER TABLE "orders" DROP CONSTRAINT "orders_user_fk";' },
    { title: 'before it, by itself', sql: 'ALTER TABLE "orders" DROP CONSTRAINT "orders_item_fk";' },
  ]);
  for (const { sql } of rewrite ?? []) await expectClean(rule, { before: SHOP, sql });
});

test('tables that are dropped together are not told of each other', async () => {
  const { message } = await expectFinding(rule, { before: SHOP, sql: 'DROP TABLE orders, users;' });
  expect(message).toContain('takes orders and users with every row');
  expect(message).toContain('foreign keys to or from items and plans');
});

test('a partition', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before:
      'CREATE TABLE m (at date) PARTITION BY RANGE (at);\nCREATE TABLE "m_2019" PARTITION OF m DEFAULT;',
    sql: 'DROP TABLE m_2019;',
  });
  expect(message).toContain('takes the partition m_2019 with every row, and locks all of m');
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE "m" DETACH PARTITION "m_2019" CONCURRENTLY;');
});

test.each([
  ['new', 'CREATE TABLE n (id int);\nDROP TABLE n;'],
  ['new in this deployment', ['CREATE TABLE n (id int);', 'DROP TABLE n CASCADE;']],
  ['temporary', 'CREATE TEMP TABLE n (id int);\nDROP TABLE n;'],
  ['made under another name', 'CREATE TABLE n (id int);\nALTER TABLE n RENAME TO o;\nDROP TABLE o;'],
  ['no table', 'DROP VIEW v;\nDROP INDEX i;\nDROP MATERIALIZED VIEW m;\nDROP TYPE t;\nDROP FUNCTION f();'],
])('silent: what is %s', async (_, sql) => {
  await expectClean(rule, sql);
});
