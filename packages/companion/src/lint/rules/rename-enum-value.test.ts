import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { renameEnumValue as rule } from './rename-enum-value.ts';

const ORDERS = `CREATE TYPE "public"."state" AS ENUM('payed', 'sent');
CREATE TABLE "orders" ("id" int, "state" "public"."state", "past" "state"[]);`;

test('a value that releases know', async () => {
  const { message, hint, rewrite } = await expectFinding(rule, {
    before: ORDERS,
    sql: `ALTER TYPE "public"."state" RENAME VALUE 'payed' TO 'paid';`,
  });
  expect(message).toContain("state has no value 'payed'");
  expect(hint).toContain('declare both values, delete this migration (its SQL, its snapshot,');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `ALTER TYPE "public"."state" ADD VALUE 'paid' BEFORE 'payed';` },
    {
      title:
        'in batches outside of migrations, with id from $1 to $2, when every release that runs knows both',
      sql: `UPDATE "orders" SET "state" = 'paid' WHERE "id" > $1 AND "id" <= $2 AND "state" = 'payed';`,
    },
  ]);
  for (const { sql } of rewrite ?? []) await expectClean(rule, { before: ORDERS, sql });
});

test('of a type that nothing is known of', async () => {
  const { rewrite } = await expectFinding(rule, `ALTER TYPE mood RENAME VALUE 'a' TO 'it''s';`);
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `ALTER TYPE "mood" ADD VALUE 'it''s' BEFORE 'a';` },
  ]);
});

test.each([
  ['a new type', `CREATE TYPE m AS ENUM ('a');\nALTER TYPE m RENAME VALUE 'a' TO 'b';`],
  ['a new value', [`ALTER TYPE state ADD VALUE 'c';`, `ALTER TYPE state RENAME VALUE 'c' TO 'd';`]],
  ['one more value', `ALTER TYPE state ADD VALUE 'c' AFTER 'sent';`],
  ['the type', 'ALTER TYPE state RENAME TO state_old;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before: ORDERS, sql });
});
