import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { renameColumn as rule } from './rename-column.ts';

const USERS = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "name" varchar(80) NOT NULL, "nick" text);';

test('a column of a known type', async () => {
  const { message, hint, rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";',
  });
  expect(message).toContain('users has no column name (42703)');
  expect(hint).toContain("`fullName: varchar('name')`");
  expect(hint).toContain('Either way change the schema, delete this migration (its SQL, its snapshot,');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'ALTER TABLE "users" ADD COLUMN "full_name" varchar(80);' },
    {
      title:
        'in batches outside of migrations, with id from $1 to $2, when the release that writes both columns runs',
      sql: 'UPDATE "users" SET "full_name" = "name" WHERE "id" > $1 AND "id" <= $2 AND "full_name" IS DISTINCT FROM "name";',
    },
    {
      title: 'a later deployment, when no release names the old column',
      sql: 'ALTER TABLE "users" DROP COLUMN "name";',
    },
  ]);
  for (const { sql } of rewrite ?? []) await expectClean(rule, { before: USERS, sql });
});

test('a serial is an integer', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE users RENAME id TO user_id;',
  });
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE "users" ADD COLUMN "user_id" integer;');
});

test.each([
  ['integer', 'integer'],
  ['boolean', 'boolean'],
  ['double precision', 'doublePrecision'],
  ['mood', '…'],
])('the builder of %s', async (type, builder) => {
  const { hint } = await expectFinding(rule, {
    before: `CREATE TABLE a (b ${type});`,
    sql: 'ALTER TABLE a RENAME COLUMN b TO c;',
  });
  expect(hint).toContain(`\`c: ${builder}('b')\``);
});

test('a column of an unknown type', async () => {
  const { rewrite } = await expectFinding(rule, 'ALTER TABLE a RENAME COLUMN b TO c;');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['of a new table', 'CREATE TABLE n (a int);\nALTER TABLE n RENAME COLUMN a TO b;'],
  ['that is new', 'ALTER TABLE users ADD COLUMN a int;\nALTER TABLE users RENAME COLUMN a TO b;'],
  [
    'that is new in this deployment',
    ['ALTER TABLE users ADD COLUMN a int;', 'ALTER TABLE users RENAME COLUMN a TO b;'],
  ],
  [
    'whose name another one takes',
    'ALTER TABLE users RENAME COLUMN name TO name_old;\nALTER TABLE "public"."users" RENAME COLUMN nick TO name;',
  ],
  [
    'that is made anew',
    'ALTER TABLE users RENAME COLUMN name TO name_old;\nALTER TABLE users ADD COLUMN name text;',
  ],
  [
    'that replaces another',
    'ALTER TABLE users DROP COLUMN name;\nALTER TABLE users RENAME COLUMN nick TO name;',
  ],
  ['of a type', 'ALTER TYPE pair RENAME ATTRIBUTE a TO b;'],
  ['that is none', 'ALTER TABLE users RENAME TO people;\nALTER TABLE people RENAME CONSTRAINT a TO b;'],
])('silent: a column %s', async (_, sql) => {
  await expectClean(rule, { before: USERS, sql });
});
