import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createDatabase, openTerminal } from '@companion/testing';
import { expect, test } from 'vitest';
import { PACKAGE } from './migrations-folder.ts';

const BINS = join(PACKAGE, 'node_modules/.bin');
const FLAG = '--i-know-this-database-is-throw-away';

function push(url: string, ...flags: string[]) {
  return spawnSync(join(BINS, 'tsx'), ['scripts/push.ts', ...flags], {
    cwd: PACKAGE,
    // As pnpm runs a script: the package's own bins come first.
    env: { PATH: `${BINS}:${process.env.PATH}`, DATABASE_URL: url },
    encoding: 'utf8',
  });
}

test('it says why not, and stops', async () => {
  const database = await createDatabase();
  const { status, stderr } = push(database.url);
  expect(status).toBe(1);
  expect(stderr).toContain('pnpm db:migrate');
  expect(stderr).toContain(`pass ${FLAG}`);
  expect(await database.sql`SELECT 1 FROM pg_type WHERE typname = 'user_role'`).toHaveLength(0);
});

test('it pushes into a database that is said to be throw-away', async () => {
  const database = await createDatabase();
  expect(push(database.url, FLAG)).toMatchObject({ status: 0 });
  expect(await database.sql`SELECT 1 FROM pg_type WHERE typname = 'user_role'`).toHaveLength(1);
});

test('it never pushes into a database that migrations have made', async () => {
  const database = await createDatabase();
  await database.sql`CREATE SCHEMA drizzle`;
  await database.sql`CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`;
  await database.sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('f00d', 1)`;
  const { status, stderr } = push(database.url, FLAG);
  expect(status).toBe(1);
  expect(stderr).toContain('has 1 migrations in its ledger');
  expect(await database.sql`SELECT 1 FROM pg_type WHERE typname = 'user_role'`).toHaveLength(0);
});

test.each([
  ['pushes when the name is typed', (name: string) => `${name}\r`, 0],
  ['stops when another name is typed', () => 'production\r', 1],
  ['stops at Ctrl-D', () => '\x04', 1],
])('on a terminal it %s', async (_, answer, exitCode) => {
  const database = await createDatabase();
  const terminal = openTerminal(join(BINS, 'tsx'), ['scripts/push.ts'], {
    cwd: PACKAGE,
    columns: 120,
    env: { PATH: `${BINS}:${process.env.PATH}`, DATABASE_URL: database.url },
  });
  await terminal.waitFor(/to push into it: /);
  terminal.send(answer(database.name));
  expect(await terminal.exit).toBe(exitCode);
  expect(await database.sql`SELECT 1 FROM pg_type WHERE typname = 'user_role'`).toHaveLength(1 - exitCode);
});
