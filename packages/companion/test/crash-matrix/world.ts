import { setTimeout as sleep } from 'node:timers/promises';
import {
  createDatabase,
  type LiveCli,
  releaseAfterTest,
  spawnCli,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
  type TestFolder,
} from '@companion/testing';
import postgres from 'postgres';
import { DEFAULT_LEDGER } from '../../src/kernel/ledger-row.ts';
import { lockKey } from '../../src/migrate/migration-lock.ts';
import type { OwnServer } from './own-server.ts';
import { type Scenario, writeFolder } from './scenario.ts';

/** A database behind a wire that can be broken, and a folder to apply to it. */
export type World = {
  /** PostgreSQL's major. */
  readonly version: number;
  readonly scenario: Scenario;
  /** Null on the server that all tests share. */
  readonly server: OwnServer | null;
  readonly database: Pick<TestDatabase, 'url' | 'sql'>;
  readonly proxy: TcpProxy;
  readonly folder: TestFolder;
  /** Starts `migrate` through the proxy. */
  migrate(...args: string[]): LiveCli;
  /** The arguments of a `migrate` past the proxy. */
  directly(...args: string[]): string[];
  /** Opens a transaction of somebody else's and runs `sql` in it; it stays open until `letGo`. */
  standInTheWay(sql: string): Promise<Obstacle>;
  /** Waits until the query, asked past the proxy, answers with a row. */
  until(query: string): Promise<void>;
};

export type Obstacle = { letGo(): Promise<void> };

/** Sessions of the bin, as seen by others. */
export const OURS = "datname = current_database() AND application_name = 'drizzle-companion'";

/** What another runner would have done. */
export const LOCK_THE_LEDGER = `SELECT pg_advisory_lock(${lockKey(DEFAULT_LEDGER)})`;

/** Long enough that nothing but the fault ends a run, however busy the machine is. */
const PATIENCE = { '--lock-timeout': '60s', '--wait': '20s', '--lock-wait': '60s' };

export async function openWorld(
  version: number,
  scenario: Scenario,
  server: OwnServer | null = null,
): Promise<World> {
  const database = await (server?.createDatabase() ?? createDatabase({ version }));
  const proxy = await startTcpProxy(database.url);
  const folder = writeFolder(scenario);
  const to = (url: string, args: string[]) => [
    ...['migrate', '--folder', folder.path, '--url', url],
    ...Object.entries(PATIENCE).flatMap(([flag, time]) => (args.includes(flag) ? [] : [flag, time])),
    ...scenario.args,
    ...args,
  ];
  return {
    version,
    scenario,
    server,
    database,
    proxy,
    folder,
    migrate: (...args) => spawnCli(to(proxy.url(), ['--format', 'plain', ...args]), { cwd: folder.path }),
    directly: (...args) => to(database.url, args),
    standInTheWay: (sql) => openTransaction(database.url, sql),
    until: async (query) => {
      for (let attempt = 0; attempt < 800; attempt += 1) {
        // A server that is being restarted refuses the question; it is asked again.
        const rows = await database.sql.unsafe(query).catch(() => []);
        if (rows.length > 0) return;
        await sleep(25);
      }
      throw new Error(`Never true: ${query}`);
    },
  };
}

async function openTransaction(url: string, sql: string): Promise<Obstacle> {
  const application = { application_name: 'in the way' };
  const other = postgres(url, { max: 1, connection: application, onnotice: () => undefined });
  const letGo = () => other.end({ timeout: 0 });
  releaseAfterTest(letGo);
  await other.unsafe(`BEGIN; ${sql}`).simple();
  return { letGo };
}
