import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { dropSchemaOrDatabase as rule } from './drop-schema-or-database.ts';

const BILLING =
  'CREATE SCHEMA billing;\nCREATE TABLE billing.plans (id int);\nCREATE TABLE billing.invoices (id int);\nCREATE SCHEMA empty;';

test('with all that is in it', async () => {
  const { message } = await expectFinding(rule, {
    before: BILLING,
    sql: 'DROP SCHEMA IF EXISTS "billing" CASCADE;',
  });
  expect(message).toContain(
    'drops billing with every table, type and function in it, among them billing.plans and billing.invoices,',
  );
});

test('a schema that nothing is known of', async () => {
  const { message } = await expectFinding(rule, 'DROP SCHEMA "public" CASCADE;');
  expect(message).toContain('drops public with every table, type and function in it, and whatever');
});

test('a schema that is not empty stays', async () => {
  const { message } = await expectFinding(rule, { before: BILLING, sql: 'DROP SCHEMA "billing";' });
  expect(message).toBe('DROP SCHEMA fails here (2BP01): billing.plans and billing.invoices are in billing.');
});

test('a database, and all that a role has', async () => {
  const { message } = await expectFinding(rule, 'DROP DATABASE shop;');
  expect(message).toContain('deletes shop with everything in it');
  const owned = await expectFinding(rule, 'DROP OWNED BY app CASCADE;');
  expect(owned.message).toContain('that belongs to the role');
});

test.each([
  ['an empty one', 'DROP SCHEMA "empty";'],
  [
    'one that is emptied before',
    'DROP TABLE billing.plans, billing.invoices;--> statement-breakpoint\nDROP SCHEMA "billing";',
  ],
  ['one that PostgreSQL drops only when empty', 'DROP SCHEMA "unknown";'],
  ['a new one', 'CREATE SCHEMA n;\nCREATE TABLE n.a (id int);\nDROP SCHEMA n CASCADE;'],
  ['anything else', 'DROP TABLE billing.plans CASCADE;\nDROP TYPE t;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before: BILLING, sql });
});
