import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { domainConstraint as rule } from './domain-constraint.ts';

const ADD = `ALTER DOMAIN "email" ADD CONSTRAINT "email_filled" CHECK (value <> '')`;

test('a domain that nothing is known of', async () => {
  const { message, text, rewrite } = await expectFinding(rule, `${ADD};`);
  expect(text).toBe(ADD);
  expect(message).toContain('every table with a column of type email');
  expect(message).toContain('against writes (SHARE)');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `${ADD} NOT VALID;` },
    {
      title: 'a later migration, at a quiet hour',
      sql: 'ALTER DOMAIN "email" VALIDATE CONSTRAINT "email_filled";',
    },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

const DOMAIN = 'CREATE DOMAIN email AS text;';
const USERS = 'CREATE TABLE users (id int, email email);';

test('the tables that use it are named', async () => {
  const before = [DOMAIN, USERS, 'CREATE TABLE "Leads" (email public.email); CREATE TABLE c (d text);'];
  const { message } = await expectFinding(rule, { before, sql: `${ADD};` });
  expect(message).toContain('reads all of users, "Leads", and locks each of them');
});

test('without a name it is given one', async () => {
  const { rewrite } = await expectFinding(rule, "ALTER DOMAIN app.email ADD CHECK (value <> '');");
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    `ALTER DOMAIN app.email ADD CONSTRAINT "email_check" CHECK (value <> '') NOT VALID;`,
    'ALTER DOMAIN "app"."email" VALIDATE CONSTRAINT "email_check";',
  ]);
});

test('SET NOT NULL reads, too', async () => {
  const { rewrite } = await expectFinding(rule, 'ALTER DOMAIN email SET NOT NULL;');
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER DOMAIN "email" ADD CONSTRAINT "email_present" CHECK (VALUE IS NOT NULL) NOT VALID;',
  );
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test.each([
  ['NOT VALID', [], `${ADD} NOT VALID;`],
  ['VALIDATE', [], 'ALTER DOMAIN email VALIDATE CONSTRAINT email_filled;'],
  ['DROP CONSTRAINT', [], 'ALTER DOMAIN email DROP CONSTRAINT email_filled;'],
  ['DROP NOT NULL', [], 'ALTER DOMAIN email DROP NOT NULL;'],
  ['a domain of this deployment', [], `${DOMAIN} ${ADD};`],
  ['a domain that no table uses', [DOMAIN], `${ADD};`],
  ['a domain that new tables use', [DOMAIN], [USERS, `${ADD};`]],
  ['a new domain with its constraint', [], "CREATE DOMAIN email AS text CHECK (value <> '') NOT NULL;"],
])('%s', async (_, before, sql) => {
  await expectClean(rule, { before, sql });
});

test('a table that the config calls small', async () => {
  const settings = { smallTables: ['users'] };
  await expectClean(rule, { before: [DOMAIN, USERS], sql: `${ADD};`, settings });
});
