import { describeEachPostgres, journalFolder, spawnCli, type TestDatabase } from '@companion/testing';
import { expect, it } from 'vitest';

const ACCOUNTS = {
  name: '0000_accounts',
  sql: `CREATE TABLE accounts (id integer);
--> statement-breakpoint
INSERT INTO accounts VALUES (1);
--> statement-breakpoint
CREATE FUNCTION slow() RETURNS bigint VOLATILE LANGUAGE sql AS $$
  SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b
$$;`,
};

/** Without a second look the server would go on with either for minutes, and hold the table as long. */
const LONG = [
  [
    'a statement that sleeps',
    'ALTER TABLE accounts ADD COLUMN plan text;\n--> statement-breakpoint\nSELECT pg_sleep(60);',
    "wait_event = 'PgSleep'",
  ],
  [
    'a statement that rewrites the table',
    'ALTER TABLE accounts ADD COLUMN checksum bigint DEFAULT slow();',
    "query LIKE 'ALTER TABLE%'",
  ],
] as const;

const OURS = "datname = current_database() AND application_name = 'drizzle-companion'";

describeEachPostgres('a client that is killed by SIGKILL', (server) => {
  it.each(LONG)('in the middle of %s leaves no backend, and the table is free', async (_, sql, running) => {
    const database = await server.createDatabase();
    const folder = journalFolder([ACCOUNTS, { name: '0001_long', sql }]);
    const cli = spawnCli(['migrate', '--folder', folder.path, '--url', database.url], { cwd: folder.path });
    const holds = `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE ${OURS} AND ${running}
      AND state = 'active' AND l.relation = to_regclass('accounts') AND mode = 'AccessExclusiveLock' AND granted`;
    await expect.poll(() => ask(database, holds), { timeout: 20_000 }).toHaveLength(1);

    cli.kill('SIGKILL');
    expect((await cli.finished).signal).toBe('SIGKILL');

    const left = `SELECT pid, state, query FROM pg_stat_activity WHERE ${OURS}`;
    await expect.poll(() => ask(database, left), { timeout: 10_000, interval: 100 }).toEqual([]);
    const free = await database.sql.begin(async (tx) => {
      await tx`set local lock_timeout = '1s'`;
      return tx`select to_jsonb(a) as row from accounts a`;
    });
    expect([...free]).toEqual([{ row: { id: 1 } }]);
    expect(await ask(database, 'SELECT count(*)::int AS rows FROM drizzle.__drizzle_migrations')).toEqual([
      { rows: 1 },
    ]);
  });
});

async function ask({ sql }: TestDatabase, text: string): Promise<unknown[]> {
  return [...(await sql.unsafe(text))];
}
