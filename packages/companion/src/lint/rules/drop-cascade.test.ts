import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { dropCascade as rule } from './drop-cascade.ts';

const THERE = `CREATE TYPE "public"."mood" AS ENUM('sad', 'happy');
CREATE DOMAIN "code" AS text;
CREATE TABLE "people" ("id" int PRIMARY KEY, "mood" "mood", "code" "code");
CREATE VIEW "glad" AS SELECT "id" FROM "people" WHERE "id" > 0;
CREATE VIEW "very_glad" AS SELECT "id" FROM "glad";`;

test('a type takes its columns', async () => {
  const { level, message, text, rewrite } = await expectFinding(rule, {
    before: THERE,
    sql: 'DROP TYPE "public"."mood" CASCADE;',
  });
  expect(level).toBe('error');
  expect(text).toBe('DROP TYPE "public"."mood" CASCADE');
  expect(message).toContain(
    'DROP TYPE … CASCADE drops mood, and without a question people.mood with all values',
  );
  expect(message).toContain('people is locked against reads and writes (ACCESS EXCLUSIVE)');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'DROP TYPE "public"."mood";' }]);
  await expectClean(rule, { before: THERE, sql: rewrite?.[0]?.sql ?? '' });
});

test.each([
  ['DROP DOMAIN code CASCADE;', 'error', 'people.code with all values'],
  ['DROP TYPE stranger CASCADE;', 'error', 'every column of the type in any table'],
  ['DROP EXTENSION citext CASCADE;', 'error', 'every column of one of its types'],
  ['DROP VIEW glad CASCADE;', 'warning', 'what reads it: very_glad, and whatever'],
  ['DROP VIEW stranger CASCADE;', 'warning', 'every view and function that reads it'],
  ['DROP FUNCTION is_mine(int) CASCADE;', 'warning', 'every trigger, policy, CHECK'],
  ['DROP SEQUENCE numbers CASCADE;', 'warning', 'every default that takes numbers'],
  ['DO $$ BEGIN DROP TYPE mood CASCADE; END $$;', 'error', 'people.mood'],
])('%s', async (sql, level, says) => {
  const found = await expectFinding(rule, { before: THERE, sql });
  expect(found.level).toBe(level);
  expect(found.message).toContain(says);
});

test('a type that no column has', async () => {
  const { level } = await expectFinding(rule, {
    before: "CREATE TYPE mood AS ENUM ('sad');",
    sql: 'DROP TYPE mood CASCADE;',
  });
  expect(level).toBe('warning');
});

test.each([
  ['without CASCADE', 'DROP TYPE mood; DROP VIEW glad; DROP FUNCTION f();'],
  ['of a table, which has a rule', 'DROP TABLE people CASCADE;'],
  ['of a policy, as drizzle-kit writes it', 'DROP POLICY "own" ON "people" CASCADE;'],
  ['of a schema, which has a rule', 'DROP SCHEMA old CASCADE;'],
  [
    'of what is new',
    "CREATE TYPE t AS ENUM ('a');\nDROP TYPE t CASCADE;\nCREATE VIEW v AS SELECT 1;\nDROP VIEW v CASCADE;",
  ],
  [
    'of an enum that is made anew, which has a rule',
    `ALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ('sad');\nDROP TYPE mood_old CASCADE;`,
  ],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before: THERE, sql });
});

describeEachPostgres('on PostgreSQL', ({ createDatabase }) => {
  test('the column is gone, and without CASCADE it is not', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(THERE);
    await expect(sql`drop type mood`).rejects.toMatchObject({ code: '2BP01' });
    await sql`drop type mood cascade`;
    const columns =
      await sql`select attname from pg_attribute where attrelid = 'people'::regclass and attnum > 0 and not attisdropped`;
    expect(columns.map(({ attname }) => attname)).toEqual(['id', 'code']);
  });
});
