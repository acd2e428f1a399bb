import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { checkNotValid as rule } from './check-not-valid.ts';

const CHECK = 'ALTER TABLE "products" ADD CONSTRAINT "price_check" CHECK ("products"."price" > 0)';

test('a check as drizzle-kit writes it', async () => {
  const { message, text, rewrite } = await expectFinding(rule, `${CHECK};`);
  expect(text).toBe(CHECK);
  expect(message).toContain('The CHECK price_check is valid at once');
  expect(message).toContain('reads all of products under ACCESS EXCLUSIVE');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `${CHECK} NOT VALID;` },
    { title: 'a later migration', sql: 'ALTER TABLE "products" VALIDATE CONSTRAINT "price_check";' },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('unnamed, it is given the name by which it can be validated', async () => {
  const { rewrite } = await expectFinding(rule, 'ALTER TABLE a ADD CHECK (b > 0) NO INHERIT;');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE a ADD CONSTRAINT "a_b_check" CHECK (b > 0) NO INHERIT NOT VALID;',
    'ALTER TABLE a VALIDATE CONSTRAINT "a_b_check";',
  ]);
});

test('a new column with a check is read, too, although it is empty', async () => {
  const { hint, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE "é"."a" ADD COLUMN b int CONSTRAINT "b>0" CHECK (b > 0), ADD c int;',
  );
  expect(hint).toContain('add it by itself');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE "é"."a" ADD COLUMN b int, ADD c int;--> statement-breakpoint\nALTER TABLE "é"."a" ADD CONSTRAINT "b>0" CHECK (b > 0) NOT VALID;',
    'ALTER TABLE "é"."a" VALIDATE CONSTRAINT "b>0";',
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('two in one statement share a rewrite', async () => {
  const found = await expectFindings(rule, 'ALTER TABLE a ADD CHECK (b > 0), ADD CHECK (c < d);');
  expect(found).toHaveLength(2);
  expect(found[1]?.rewrite?.[0]?.sql).toBe(
    'ALTER TABLE a ADD CONSTRAINT "a_b_check" CHECK (b > 0) NOT VALID, ADD CONSTRAINT "a_check" CHECK (c < d) NOT VALID;',
  );
});

test.each([
  ['NOT VALID', `${CHECK} NOT VALID;`],
  ['NOT ENFORCED', `${CHECK} NOT ENFORCED;`],
  ['validated later', [`${CHECK} NOT VALID;`, 'ALTER TABLE products VALIDATE CONSTRAINT price_check;']],
  ['on a new table', `CREATE TABLE "products" ("price" int);\n--> statement-breakpoint\n${CHECK};`],
  ['in a new table', 'CREATE TABLE a (b int CHECK (b > 0), CONSTRAINT c CHECK (b < 9));'],
  ['on a temporary table', 'CREATE TEMP TABLE a (b int); ALTER TABLE a ADD CHECK (b > 0);'],
  ['on a domain', "ALTER DOMAIN email ADD CONSTRAINT filled CHECK (value <> '');"],
  ['no check', 'ALTER TABLE a ADD CONSTRAINT b UNIQUE (c);'],
])('a check %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: `${CHECK};`, settings: { smallTables: ['products'] } });
});

describeEachPostgres('the rewrite', (postgres) => {
  test.each([
    ['as drizzle-kit writes it', `${CHECK};`],
    ['without names', 'ALTER TABLE products ADD CHECK (price > 0), ADD CHECK (price < id);'],
    ['with a column', 'ALTER TABLE products ADD COLUMN b int DEFAULT 1 CHECK (b > 0) NOT NULL, ADD c int;'],
  ])('leaves the same checks behind: %s', async (_, sql) => {
    const [found] = await expectFindings(rule, sql);
    const checksAfter = async (migrations: readonly string[]) => {
      const database = await postgres.createDatabase();
      const create = 'CREATE TABLE products (id integer PRIMARY KEY, price integer);';
      for (const one of [create, ...migrations]) await database.sql.unsafe(one);
      return [
        ...(await database.sql`
          SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
          WHERE conrelid = 'products'::regclass ORDER BY 1`),
      ];
    };
    expect(await checksAfter((found?.rewrite ?? []).map((one) => one.sql))).toEqual(await checksAfter([sql]));
  });
});
