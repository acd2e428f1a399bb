import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { indexReplaced as rule } from './index-replaced.ts';

const before = 'CREATE TABLE users (email text, name text);\nCREATE INDEX users_email_idx ON users (email);';

test('as drizzle-kit changes an index', async () => {
  const { message, text, rewrite } = await expectFinding(rule, {
    before,
    sql: 'DROP INDEX "users_email_idx";--> statement-breakpoint\nCREATE INDEX "users_email_idx" ON "users" USING btree ("email","name");',
  });
  expect(text).toBe('DROP INDEX "users_email_idx"');
  expect(message).toContain(
    'in one transaction: DROP INDEX locks users against reads and writes (ACCESS EXCLUSIVE)',
  );
  expect(rewrite).toEqual([
    {
      title: 'a migration of its own',
      sql: 'CREATE INDEX CONCURRENTLY "users_email_idx_new" ON "users" USING btree ("email","name");',
    },
    { title: 'a migration of its own', sql: 'DROP INDEX CONCURRENTLY "users_email_idx";' },
    {
      title: 'a later migration',
      sql: 'ALTER INDEX "users_email_idx_new" RENAME TO "users_email_idx";',
    },
  ]);
  await expectClean(rule, { before, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('in a file without a transaction, and under another name', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE users (email text);\nCREATE UNIQUE INDEX old ON users (email);',
    sql: 'DROP INDEX CONCURRENTLY old;\nCREATE UNIQUE INDEX CONCURRENTLY new ON users (email, name);',
  });
  expect(message).toBe(
    'old is dropped before its replacement is built: until that is done, queries that need it read the whole of users, and nothing keeps duplicates out.',
  );
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'CREATE UNIQUE INDEX CONCURRENTLY "new" ON users (email, name);',
    'DROP INDEX CONCURRENTLY "old";',
  ]);
});

test('in a later migration of the same deployment', async () => {
  const { place } = await expectFinding(rule, {
    before,
    sql: ['SELECT 1;', 'DROP INDEX users_email_idx;', 'CREATE INDEX CONCURRENTLY y ON users (email DESC);'],
  });
  expect(place).toBe(1);
});

test('an index that is not known, made anew under its name', async () => {
  await expectFinding(rule, 'DROP INDEX x;\nCREATE INDEX x ON users (email);');
});

test('of a partitioned table, where there is no concurrent way', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE INDEX x ON a (b);',
    sql: 'DROP INDEX x;\nCREATE INDEX x ON a (b DESC);',
  });
  expect(rewrite).toBeUndefined();
});

test.each([
  [
    'the new one first',
    { before, sql: ['CREATE INDEX CONCURRENTLY y ON users (email);', 'DROP INDEX users_email_idx;'] },
  ],
  [
    'another that serves meanwhile',
    {
      before: `${before}\nCREATE INDEX wider ON users (email, name);`,
      sql: 'DROP INDEX users_email_idx;\nCREATE INDEX users_email_idx ON users (email DESC);',
    },
  ],
  ['another column', { before, sql: 'DROP INDEX users_email_idx;\nCREATE INDEX y ON users (name);' }],
  ['another table', { before, sql: 'DROP INDEX users_email_idx;\nCREATE INDEX y ON customers (email);' }],
  ['a drop alone', { before, sql: 'DROP INDEX users_email_idx;' }],
  [
    'a table made in this deployment',
    `${before}\nDROP INDEX users_email_idx;\nCREATE INDEX users_email_idx ON users (email, name);`,
  ],
  [
    'an index made in this deployment',
    {
      before,
      sql: ['CREATE INDEX x ON users (name);', 'DROP INDEX x;\nCREATE INDEX x ON users (name DESC);'],
    },
  ],
  [
    'a failed build that is cleared away first',
    {
      before: 'CREATE TABLE users (email text);',
      sql: 'DROP INDEX CONCURRENTLY IF EXISTS x;\nCREATE INDEX CONCURRENTLY x ON users (email);',
    },
  ],
  [
    'a small table',
    {
      before,
      sql: 'DROP INDEX users_email_idx;\nCREATE INDEX users_email_idx ON users (email DESC);',
      settings: { smallTables: ['users'] },
    },
  ],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});

const BY_STATE = `CREATE TYPE state AS ENUM ('open', 'shut');
CREATE TABLE doors (state state, room int);
CREATE INDEX doors_open_idx ON doors (room) WHERE state = 'open';`;

test('an index that makes way for a change of type, and comes back', async () => {
  const change = 'ALTER TABLE doors ALTER COLUMN state TYPE text;';
  const make = (column: string) => `CREATE INDEX doors_open_idx ON doors (room) WHERE ${column} = 'open';`;
  await expectClean(rule, {
    before: BY_STATE,
    sql: `DROP INDEX doors_open_idx;\n${change}\n${make('state')}`,
  });
  // The index does not ask for it: nothing in it is of the column that changes.
  await expectFinding(rule, {
    before: `${BY_STATE}\nALTER TABLE doors ADD COLUMN note varchar(10);`,
    sql: `DROP INDEX doors_open_idx;\nALTER TABLE doors ALTER COLUMN note TYPE text;\n${make('state')}`,
  });
  // In two transactions, the table is without it in between.
  await expectFinding(rule, {
    before: BY_STATE,
    sql: [`DROP INDEX doors_open_idx;\n${change}`, make('state')],
  });
});
