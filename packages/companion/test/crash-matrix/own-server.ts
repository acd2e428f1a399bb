import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  NEWEST_POSTGRES,
  OLDEST_POSTGRES,
  type PostgresServer,
  type PostgresVersion,
  releaseAfterTest,
  startPostgres,
  type TestDatabase,
} from '@companion/testing';
import postgres from 'postgres';

/** A server that a test may stop, break and start again: same data, same port. */
export type OwnServer = {
  readonly dataDir: string;
  /** A new database, with one connection to it. */
  createDatabase(): Promise<Pick<TestDatabase, 'url' | 'sql'>>;
  /** `fast` ends all sessions and writes everything out; `immediate` is as good as a crash. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Harmless when it runs. */
  start(flags?: readonly string[]): Promise<void>;
};

type Shared = { readonly server: Promise<OwnServer & { dispose(): Promise<void> }>; busy: Promise<void> };

const shared = new Map<number, Shared>();

/** Runs `work` with the version's own server, running and with nobody else on it. */
export async function withOwnServer<T>(version: number, work: (server: OwnServer) => Promise<T>): Promise<T> {
  const entry = shared.get(version) ?? { server: openServer(version), busy: Promise.resolve() };
  shared.set(version, entry);
  const before = entry.busy;
  let leave = () => {};
  entry.busy = new Promise((resolve) => {
    leave = resolve;
  });
  await before;
  try {
    const server = await entry.server;
    await server.start();
    return await work(server);
  } finally {
    leave();
  }
}

export async function disposeOwnServers(): Promise<void> {
  await Promise.all([...shared.values()].map(async ({ server }) => (await server).dispose()));
}

/** Has this machine a server of that version to start, or is it somebody else's (`TEST_DATABASE_URL`)? */
export function canOwn(version: number): version is PostgresVersion {
  return !process.env.TEST_DATABASE_URL && version >= OLDEST_POSTGRES && version <= NEWEST_POSTGRES;
}

async function openServer(version: number) {
  if (!canOwn(version)) throw new Error(`PostgreSQL ${version} cannot be started here.`);
  const dataDir = await mkdtemp(join(tmpdir(), 'companion-own-'));
  let running: PostgresServer | null = await startPostgres({ version, dataDir });
  const { port, url } = running;
  const stop: OwnServer['stop'] = async (how) => {
    if (running === null) return;
    if (how === 'immediate') process.kill(running.pid, 'SIGQUIT');
    await running.stop();
    running = null;
  };
  return {
    dataDir,
    stop,
    start: async (flags: readonly string[] = []) => {
      running ??= await startPostgres({ version, dataDir, port, flags });
    },
    createDatabase: async () => {
      const name = `t_${randomBytes(6).toString('hex')}`;
      const admin = postgres(url(), { max: 1 });
      await admin`create database ${admin(name)}`;
      await admin.end();
      const sql = postgres(url(name), { max: 1, onnotice: () => undefined });
      releaseAfterTest(() => sql.end({ timeout: 0 }));
      return { url: url(name), sql };
    },
    dispose: async () => {
      await stop('fast');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
