import { describeEachPostgres } from '@companion/testing';
import type postgres from 'postgres';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { ddlAfterBulkDml as rule } from './ddl-after-bulk-dml.ts';

test('rows are mended, and then the table is locked', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    `UPDATE "users" SET "name" = '' WHERE "name" IS NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;`,
  );
  expect(text).toBe('ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL');
  expect(message).toContain('asks for ACCESS EXCLUSIVE on users, after UPDATE in the same transaction');
  expect(message).toContain('(40P01), and the one it ends is the migration');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `UPDATE "users" SET "name" = '' WHERE "name" IS NULL;` },
    { title: 'a later migration', sql: 'ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;' },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test.each([
  ['an index', 'CREATE INDEX ON users (name)', 'SHARE on users'],
  [
    'a foreign key from elsewhere',
    'ALTER TABLE o ADD FOREIGN KEY (u) REFERENCES users',
    'SHARE ROW EXCLUSIVE on users',
  ],
  [
    'a trigger',
    'CREATE TRIGGER t AFTER INSERT ON users EXECUTE FUNCTION f()',
    'SHARE ROW EXCLUSIVE on users',
  ],
  ['TRUNCATE', 'TRUNCATE users', 'ACCESS EXCLUSIVE on users'],
])('%s', async (_, ddl, lock) => {
  const { message } = await expectFinding(rule, `DELETE FROM users WHERE name = 'x';\n${ddl};`);
  expect(message).toContain(`asks for ${lock}, after DELETE`);
});

test.each([
  ['another table', 'UPDATE users SET name = 1;\nALTER TABLE orders ADD COLUMN x int;'],
  ['one row', 'UPDATE users SET name = 1 WHERE id = 1;\nALTER TABLE users ADD COLUMN x int;'],
  ['new rows', 'INSERT INTO users SELECT * FROM old_users;\nALTER TABLE users ADD COLUMN x int;'],
  [
    'a new table',
    'CREATE TABLE n (id int, x int);\nUPDATE n SET x = 1;\nALTER TABLE n ALTER x SET NOT NULL;',
  ],
  ['a weak lock', 'UPDATE users SET name = 1;\nALTER TABLE users VALIDATE CONSTRAINT c;\nANALYZE users;'],
  ['two migrations', ['UPDATE users SET name = 1;', 'ALTER TABLE users ADD COLUMN x int;']],
  ['the table goes', 'DELETE FROM users;\nDROP TABLE users;'],
  [
    'a lock that the transaction had before',
    'ALTER TABLE users ADD COLUMN x int;\nUPDATE users SET x = name;\nALTER TABLE users ALTER COLUMN x SET NOT NULL;',
  ],
  [
    'each statement by itself',
    '-- drizzle-companion: no-transaction\nUPDATE users SET name = 1;\nALTER TABLE users ADD x int;',
  ],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a stronger lock than the one before is asked for anew', async () => {
  await expectFinding(
    rule,
    'CREATE INDEX ON users (name);\nUPDATE users SET name = 1;\nALTER TABLE users ADD COLUMN x int;',
  );
});

test('stock drizzle runs two migrations in one transaction', async () => {
  const sql = ['UPDATE users SET name = 1;', 'ALTER TABLE users ADD COLUMN x int;'];
  const { hint } = await expectFinding(rule, { sql, settings: { runner: 'drizzle' } });
  expect(hint).toContain('in a deployment of their own');
});

describeEachPostgres('the deadlock', ({ createDatabase }) => {
  test('ends the migration, and not the session that waits for a row', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe('CREATE TABLE users (id int PRIMARY KEY, name text)');
    await sql.unsafe("INSERT INTO users SELECT n, 'x' FROM generate_series(1, 10) n");
    const [migration, application] = [await sql.reserve(), await sql.reserve()];
    try {
      await migration.unsafe("BEGIN; UPDATE users SET name = ''");
      const [{ pid } = { pid: 0 }] = await application.unsafe<{ pid: number }[]>(
        'SELECT pg_backend_pid() AS pid',
      );
      const waiting = application.unsafe("UPDATE users SET name = 'mine' WHERE id = 7").then(
        () => 'written',
        ({ code }) => code,
      );
      await untilBlocked(migration, pid);
      // Its own look for a deadlock, after deadlock_timeout, must be over before there is one.
      await migration.unsafe('SELECT pg_sleep(1.5)');
      await expect(
        migration.unsafe('ALTER TABLE users ALTER COLUMN name SET NOT NULL'),
      ).rejects.toMatchObject({
        code: '40P01',
      });
      await migration.unsafe('ROLLBACK');
      expect(await waiting).toBe('written');
    } finally {
      migration.release();
      application.release();
    }
  }, 20_000);
});

async function untilBlocked(sql: postgres.ReservedSql, pid: number): Promise<void> {
  for (;;) {
    const [row] = await sql`SELECT cardinality(pg_blocking_pids(${pid})) AS blockers`;
    if (row?.blockers > 0) return;
  }
}
