import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { truncateCascade as rule } from './truncate-cascade.ts';

const SHOP = `CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, u int REFERENCES users);
CREATE TABLE "orderLines" (o int REFERENCES orders);
CREATE TABLE plans (id int PRIMARY KEY);`;

test('names what is emptied, as far as it is known', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: SHOP,
    sql: 'TRUNCATE TABLE "users" RESTART IDENTITY CASCADE;',
  });
  expect(message).toContain('each table whose foreign keys point to users,');
  expect(message).toContain('By the migrations that is orders and "orderLines".');
  const sql = 'TRUNCATE TABLE "users", "orders", "orderLines" RESTART IDENTITY;';
  expect(rewrite).toEqual([{ title: 'if all of these are meant', sql }]);
  await expectClean(rule, { before: SHOP, sql });
});

test('of a table that nothing is known of', async () => {
  const { message, rewrite } = await expectFinding(rule, 'TRUNCATE a, b CASCADE;');
  expect(message).toContain('point to a and b,');
  expect(message).toContain('No migration makes such a table, but one may be there.');
  expect(rewrite?.[0]?.sql).toBe('TRUNCATE a, b;');
});

test('of a new table to which one that is there points by now', async () => {
  const sql =
    'CREATE TABLE n (id int PRIMARY KEY);\nALTER TABLE plans ADD n int REFERENCES n;\nTRUNCATE n CASCADE;';
  const { message } = await expectFinding(rule, { before: SHOP, sql });
  expect(message).toContain('that is plans.');
});

test('in a block', async () => {
  const { rewrite } = await expectFinding(rule, 'DO $$ BEGIN TRUNCATE a CASCADE; END $$;');
  expect(rewrite?.[0]?.sql).toBe('TRUNCATE a;');
});

test.each([
  ['without CASCADE', 'TRUNCATE users;'],
  [
    'of new tables',
    'CREATE TABLE n (id int PRIMARY KEY);\nCREATE TABLE m (n int REFERENCES n);\nTRUNCATE n CASCADE;',
  ],
  ['of a temporary table', 'CREATE TEMP TABLE n (id int);\nTRUNCATE n CASCADE;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before: SHOP, sql });
});
