import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { truncate as rule } from './truncate.ts';

test('a table that is there', async () => {
  const { message, text } = await expectFinding(
    rule,
    'SELECT 1;--> statement-breakpoint\nTRUNCATE TABLE "sessions";',
  );
  expect(text).toBe('TRUNCATE TABLE "sessions"');
  expect(message).toContain('TRUNCATE takes every row of sessions, and locks it');
  expect(message).not.toContain('0A000');
});

test('several tables, one of them new', async () => {
  const { message } = await expectFinding(
    rule,
    'CREATE TABLE n (id int);\nTRUNCATE a, n, billing.b RESTART IDENTITY;',
  );
  expect(message).toContain('every row of a and billing.b, and locks them');
});

const ORDERS = 'CREATE TABLE users (id int PRIMARY KEY);\nCREATE TABLE orders (u int REFERENCES users);';

test('a table that others point to', async () => {
  const { message } = await expectFinding(rule, { before: ORDERS, sql: 'TRUNCATE users;' });
  expect(message).toContain('As it stands it fails (0A000): foreign keys of orders point there.');
  const both = await expectFinding(rule, { before: ORDERS, sql: 'TRUNCATE users, orders;' });
  expect(both.message).not.toContain('0A000');
});

test.each([
  ['new', 'CREATE TABLE n (id int);\nTRUNCATE n;'],
  ['new in this deployment', ['CREATE TABLE n (id int);', 'TRUNCATE n;']],
  ['temporary', 'CREATE TEMP TABLE n (id int);\nTRUNCATE n;'],
  [
    'filled again by the file',
    'TRUNCATE "roles";--> statement-breakpoint\nINSERT INTO "public"."roles" ("name") VALUES (\'admin\');',
  ],
  ["truncate-cascade's", 'TRUNCATE a CASCADE;'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that is filled again from elsewhere is another matter', async () => {
  await expectFinding(rule, 'TRUNCATE totals;\nINSERT INTO totals SELECT * FROM orders;');
});
