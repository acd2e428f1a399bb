import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { dropNotNull as rule } from './drop-not-null.ts';

const USERS = 'CREATE TABLE "users" ("id" int PRIMARY KEY, "nick" text NOT NULL, "bio" text);';

test('a column that code reads', async () => {
  const { message, text, level } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE "users" ALTER COLUMN "nick" DROP NOT NULL;',
  });
  expect(level).toBe('info');
  expect(text).toBe('ALTER COLUMN "nick" DROP NOT NULL');
  expect(message).toContain('From the commit on nick of users may be NULL.');
});

test('of a table that nothing is known of', async () => {
  await expectFinding(rule, 'ALTER TABLE a ALTER b DROP NOT NULL;');
});

test.each([
  ['nullable already', 'ALTER TABLE users ALTER COLUMN bio DROP NOT NULL;'],
  ['of a new table', 'CREATE TABLE n (x int NOT NULL);\nALTER TABLE n ALTER COLUMN x DROP NOT NULL;'],
  [
    'new',
    'ALTER TABLE users ADD COLUMN x int NOT NULL DEFAULT 0;\nALTER TABLE users ALTER COLUMN x DROP NOT NULL;',
  ],
  [
    'dropped after',
    'ALTER TABLE users ALTER COLUMN nick DROP NOT NULL;\nALTER TABLE users DROP COLUMN nick;',
  ],
  [
    'required again in the end',
    'ALTER TABLE users ALTER nick DROP NOT NULL;\nUPDATE users SET nick = 1;\nALTER TABLE users ALTER nick SET NOT NULL;',
  ],
])('silent: a column that is %s', async (_, sql) => {
  await expectClean(rule, { before: USERS, sql });
});
