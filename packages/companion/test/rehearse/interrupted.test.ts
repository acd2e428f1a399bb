import { setTimeout as sleep } from 'node:timers/promises';
import { describeEachPostgres, spawnCli, type TestDatabase } from '@companion/testing';
import { expect, it, test } from 'vitest';
import { closeGate } from './gate.ts';
import { BREAK, folderOf } from './rehearse-sql.ts';
import { readTrace } from './traces.ts';

/** Few rows: autovacuum, which writes the same numbers, has no reason to come by. */
const BEFORE = `CREATE TABLE users (id int PRIMARY KEY, email text);
INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 40) n;
CREATE TABLE never_analyzed (id int);
INSERT INTO never_analyzed SELECT generate_series(1, 30);`;

/** Everything is done but for the last statement, at which it stands. */
const migrations = (gate: string) => [
  `ALTER TABLE users ALTER COLUMN id TYPE bigint;${BREAK}UPDATE users SET email = 'x' WHERE id <= 3;`,
  `CREATE INDEX i ON never_analyzed (id);${BREAK}CREATE TABLE made (id int);${BREAK}${gate}`,
];

describeEachPostgres('A rehearsal that is stopped leaves no trace', (server) => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s', async (signal, exitCode) => {
    const { database, bin, before } = await standing(server.createDatabase());
    bin.kill(signal);
    const ended = await bin.finished;
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain('Nothing was changed');
    await untilGone(database);
    expect(await readTrace(database.sql)).toEqual(before);
  });

  it('SIGKILL', async () => {
    const { database, bin, before } = await standing(server.createDatabase());
    bin.kill('SIGKILL');
    expect((await bin.finished).signal).toBe('SIGKILL');
    await untilGone(database);
    expect(await readTrace(database.sql)).toEqual(before);
  });

  it('its server process ends', async () => {
    const { database, bin, before, pid } = await standing(server.createDatabase());
    await database.sql`select pg_terminate_backend(${pid})`;
    const ended = await bin.finished;
    expect(ended.exitCode).toBe(6);
    expect(ended.stderr).toContain('Nothing was changed');
    await untilGone(database);
    expect(await readTrace(database.sql)).toEqual(before);
  });
});

test('SIGINT ends one on a shadow, too', { timeout: 90_000 }, async () => {
  const bin = spawnCli([
    ...['rehearse', '--shadow', '--verbose', '--format', 'plain'],
    ...['--folder', folderOf(['SELECT 1;', 'SELECT pg_sleep(300);'])],
  ]);
  await bin.waitForOutput(/rehearsing 0001_m/);
  bin.kill('SIGINT');
  const ended = await bin.finished;
  expect(ended.exitCode).toBe(130);
  expect(ended.stdout).toContain('rehearsed 0000_m');
  expect(ended.stdout).toMatch(/(making a PostgreSQL cluster for|starting) PGlite/);
  expect(ended.stderr).toContain('Interrupted during 0001_m.');
  expect(ended.stderr).toContain('No database of yours was touched');
});

/** A rehearsal by the bin, as far as its last statement. */
async function standing(created: Promise<TestDatabase>) {
  const database = await created;
  await database.sql.unsafe(BEFORE).simple();
  const before = await readTrace(database.sql);
  const gate = await closeGate(database);
  const bin = spawnCli([
    ...['rehearse', '--even-if-busy', '--lock-timeout', '60s'],
    ...['--url', database.url, '--folder', folderOf(migrations(gate.statement))],
  ]);
  const pid = await Promise.race([
    gate.isReached(),
    bin.finished.then(({ stderr }) => Promise.reject(new Error(`it ended: ${stderr}`))),
  ]);
  return { database, bin, before, pid };
}

async function untilGone({ sql }: TestDatabase): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    const left = await sql`select from pg_stat_activity
      where datname = current_database() and application_name = 'drizzle-companion'`;
    if (left.length === 0) return;
  }
  throw new Error('its session did not end');
}
