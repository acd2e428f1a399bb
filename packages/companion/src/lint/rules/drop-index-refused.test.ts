import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { dropIndexRefused as rule } from './drop-index-refused.ts';

test.each([
  ['a UNIQUE column', 'CREATE TABLE users (email text UNIQUE);', 'users_email_key'],
  ['a primary key', 'CREATE TABLE users (id int PRIMARY KEY);', 'users_pkey'],
  ['a named constraint', 'CREATE TABLE users (id int, CONSTRAINT once UNIQUE (id));', 'once'],
  [
    'a constraint that took over an index',
    'CREATE TABLE users (id int);\nCREATE UNIQUE INDEX once ON users (id);\nALTER TABLE users ADD CONSTRAINT once UNIQUE USING INDEX once;',
    'once',
  ],
])('the index of %s', async (_, before, name) => {
  const { message, rewrite } = await expectFinding(rule, { before, sql: `DROP INDEX "${name}" CASCADE;` });
  expect(message).toContain(`${name} backs the constraint of that name of users`);
  expect(rewrite?.[0]?.sql).toBe(`ALTER TABLE "users" DROP CONSTRAINT "${name}";`);
  await expectClean(rule, { before, sql: rewrite?.[0]?.sql ?? '' });
});

test('several at a time', async () => {
  const { message, rewrite } = await expectFinding(rule, 'DROP INDEX CONCURRENTLY IF EXISTS a, b;');
  expect(message).toContain('one index at a time');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'DROP INDEX CONCURRENTLY IF EXISTS "a";',
    'DROP INDEX CONCURRENTLY IF EXISTS "b";',
  ]);
});

test('CASCADE', async () => {
  const { message, rewrite } = await expectFinding(rule, 'DROP INDEX CONCURRENTLY a CASCADE;');
  expect(message).toContain('no CASCADE');
  expect(rewrite?.[0]?.sql).toBe('DROP INDEX CONCURRENTLY "a";');
});

test('the index of a partitioned table', async () => {
  const before = 'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE INDEX x ON a (b);';
  const { message, rewrite } = await expectFinding(rule, { before, sql: 'DROP INDEX CONCURRENTLY x;' });
  expect(message).toContain('x is the index of a partitioned table, a');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'DROP INDEX "x";' }]);
});

test.each([
  ['one index', 'DROP INDEX CONCURRENTLY a;'],
  ['several without CONCURRENTLY', 'DROP INDEX a, b CASCADE;'],
  [
    'an index of a table that has constraints',
    {
      before: 'CREATE TABLE a (b int UNIQUE);\nCREATE INDEX a_b_idx ON a (b);',
      sql: 'DROP INDEX "a_b_idx";',
    },
  ],
  [
    'a constraint of that name in another schema',
    { before: 'CREATE TABLE billing.a (b int UNIQUE);', sql: 'DROP INDEX "a_b_key";' },
  ],
  [
    'a CHECK of that name, which has no index',
    { before: 'CREATE TABLE a (b int, CONSTRAINT x CHECK (b > 0));', sql: 'DROP INDEX x;' },
  ],
  [
    'a constraint that is gone',
    {
      before: 'CREATE TABLE a (b int UNIQUE);\nALTER TABLE a DROP CONSTRAINT a_b_key;',
      sql: 'DROP INDEX a_b_key;',
    },
  ],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
