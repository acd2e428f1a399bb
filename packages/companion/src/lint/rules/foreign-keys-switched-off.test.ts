import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { foreignKeysSwitchedOff as rule } from './foreign-keys-switched-off.ts';

const OFF = 'ALTER TABLE "posts" DISABLE TRIGGER ALL;';
const ON = 'ALTER TABLE "posts" ENABLE TRIGGER ALL;';

test('and left off', async () => {
  const { level, message, text, rewrite } = await expectFinding(rule, OFF);
  expect(level).toBe('error');
  expect(text).toBe(OFF.slice(0, -1));
  expect(message).toContain('the foreign keys of posts, and those that point to it');
  expect(message).toContain('Nothing here enables them again');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'ALTER TABLE "posts" DISABLE TRIGGER USER;' }]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('and on again', async () => {
  const { level, message } = await expectFinding(rule, `${OFF}\nDELETE FROM posts WHERE id = 1;\n${ON}`);
  expect(level).toBe('warning');
  expect(message).toContain('ENABLE TRIGGER checks none of them');
});

test.each(["SET LOCAL session_replication_role = 'replica';", 'SET session_replication_role TO replica;'])(
  '%s',
  async (sql) => {
    const { level, message } = await expectFinding(rule, sql);
    expect(level).toBe('warning');
    expect(message).toContain('no foreign key is looked after');
  },
);

test.each([
  ['triggers of the user', 'ALTER TABLE posts DISABLE TRIGGER USER;'],
  ['one trigger', 'ALTER TABLE posts DISABLE TRIGGER notify;'],
  ['switched on', ON],
  ['a new table, filled', `CREATE TABLE posts (id int);\n${OFF}\nINSERT INTO posts VALUES (1);\n${ON}`],
  ['the other role', "SET LOCAL session_replication_role = 'origin';"],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

describeEachPostgres('on PostgreSQL', ({ createDatabase }) => {
  test('rows that refer to nothing stay', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(
      'CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE posts (author int REFERENCES users);',
    );
    await sql.unsafe(`${OFF} INSERT INTO posts VALUES (7); ${ON}`);
    expect(await sql`select author from posts`).toEqual([{ author: 7 }]);
    await sql.unsafe('ALTER TABLE posts DISABLE TRIGGER USER');
    await expect(sql`insert into posts values (8)`).rejects.toMatchObject({ code: '23503' });
  });
});
