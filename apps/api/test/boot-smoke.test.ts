import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { CLI_BIN, createDatabase } from '@companion/testing';
import { expect, test } from 'vitest';
import { parseSettings } from '../src/settings.ts';
import { startServer } from './running-server.ts';

const run = promisify(execFile);
const folder = parseSettings({ DATABASE_URL: 'postgres://unused' }).migrationsFolder;

/** What the container does: migrate by the bin, then start. */
test('boot smoke: all that is on disk is applied, nothing else is, and the api answers', async () => {
  const { url } = await createDatabase();
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url };
  const cli = (...args: string[]) => run(process.execPath, [CLI_BIN, ...args, '--folder', folder], { env });
  await cli('migrate');

  const { stdout } = await cli('status', '--format', 'json');
  const status = JSON.parse(stdout) as {
    ledger: { rows: number };
    migrations: { name: string; state: string }[];
    strays: unknown[];
    findings: unknown[];
  };
  // The set on disk is counted by hand: whoever reads the folder wrongly must not agree with himself.
  const onDisk = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length));
  const applied = status.migrations.filter(({ state }) => state === 'applied').map(({ name }) => name);
  expect(onDisk.length).toBeGreaterThan(0);
  expect(applied.toSorted()).toEqual(onDisk.toSorted());
  expect(status).toMatchObject({ ledger: { rows: onDisk.length }, strays: [], findings: [] });

  const server = await startServer({ DATABASE_URL: url });
  const ready = await fetch(`${server.origin}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  const users = await fetch(`${server.origin}/users`);
  expect([users.status, await users.json()]).toEqual([200, []]);
});
