import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { dropColumn as rule } from './drop-column.ts';

const USERS = `CREATE TABLE "users" ("id" int PRIMARY KEY, "nick" text NOT NULL, "bio" text, "org" int, "n" int NOT NULL DEFAULT 0, CONSTRAINT "users_nick_unique" UNIQUE ("nick"));
CREATE INDEX "users_org_nick" ON "users" ("org", "nick");`;

test('a column of a table that is there', async () => {
  const { message, text, rewrite } = await expectFinding(rule, 'ALTER TABLE "users" DROP COLUMN "bio";');
  expect(text).toBe('DROP COLUMN "bio"');
  expect(message).toContain('built with bio in its schema fails as soon as this commits (42703)');
  expect(message).toContain('names every column of users');
  expect(rewrite).toBeUndefined();
});

test('what goes with it', async () => {
  const { message } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE users DROP COLUMN nick CASCADE;',
  });
  expect(message).toContain(
    'PostgreSQL also drops the unique constraint users_nick_unique and the index users_org_nick (org, nick).',
  );
  expect(message).toContain('CASCADE also drops every view');
});

test('a column that is required must be nullable before', async () => {
  const { hint, rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE "users" DROP COLUMN "nick";',
  });
  expect(hint).toContain('The first release inserts rows without nick, so let it be NULL by then.');
  const sql = 'ALTER TABLE "users" ALTER COLUMN "nick" DROP NOT NULL;';
  expect(rewrite).toEqual([{ title: 'with the release that stops writing it', sql }]);
  await expectClean(rule, { before: USERS, sql });
});

test.each(['n', 'id', 'bio'])('%s needs no such step', async (column) => {
  const { rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: `ALTER TABLE users DROP COLUMN ${column};`,
  });
  expect(rewrite).toBeUndefined();
});

test('the columns of a table are told of together', async () => {
  const found = await expectFindings(rule, {
    before: USERS,
    sql: `ALTER TABLE "users" ADD COLUMN "c" int;--> statement-breakpoint
ALTER TABLE "users" DROP COLUMN "c", DROP COLUMN IF EXISTS "gone", DROP COLUMN "bio";--> statement-breakpoint
ALTER TABLE "other" DROP COLUMN "x";--> statement-breakpoint
ALTER TABLE "public"."users" DROP COLUMN "nick";`,
  });
  expect(found.map(({ text }) => text)).toEqual(['DROP COLUMN "bio"', 'DROP COLUMN "x"']);
  expect(found[0]?.message).toContain('built with bio and nick in its schema');
  expect(found[0]?.rewrite).toHaveLength(1);
});

describe('another column takes the name', () => {
  const before = `${USERS}\nALTER TABLE "users" ADD COLUMN "nick_new" varchar(20);`;
  const sql = `ALTER TABLE "users" DROP COLUMN "nick";--> statement-breakpoint
ALTER TABLE "users" RENAME COLUMN "nick_new" TO "nick";`;

  test('what hangs on the first is gone', async () => {
    const { message, hint, text, rewrite } = await expectFinding(rule, { before, sql });
    expect(text).toBe('DROP COLUMN "nick"');
    expect(message).toBe(
      'nick_new takes the name of nick, but not what hangs on it: PostgreSQL drops the unique constraint users_nick_unique and the index users_org_nick (org, nick) with the old column, and queries of users or its rules do without from the commit on.',
    );
    expect(hint).toContain('give nick_new the same');
    expect(rewrite).toBeUndefined();
  });

  test('silent: it has the same', async () => {
    const given = `${before}
CREATE UNIQUE INDEX "users_nick_new" ON "users" ("nick_new");
CREATE INDEX "users_org_nick_new" ON "users" ("org", "nick_new");`;
    await expectClean(rule, { before: given, sql });
  });

  test('silent: nothing hangs on it', async () => {
    const sql = 'ALTER TABLE users DROP COLUMN bio; ALTER TABLE users RENAME n TO bio;';
    await expectClean(rule, { before: USERS, sql });
  });
});

test.each([
  ['of a new table', 'CREATE TABLE n (id int, x int);\nALTER TABLE n DROP COLUMN x;'],
  ['that is new', 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE users DROP COLUMN x;'],
  [
    'that is new in this deployment',
    ['ALTER TABLE users ADD COLUMN x int;', 'ALTER TABLE users DROP COLUMN x;'],
  ],
  ['that is not there', 'ALTER TABLE users DROP COLUMN IF EXISTS gone;'],
  ['of a type', 'ALTER TYPE pair DROP ATTRIBUTE b;'],
  ['that keeps its place', 'ALTER TABLE users ALTER COLUMN bio DROP NOT NULL, DROP CONSTRAINT c;'],
])('silent: a column %s', async (_, sql) => {
  await expectClean(rule, { before: USERS, sql });
});
