import { createServer } from 'node:http';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from './embedded-server.ts';
import { NEWEST_POSTGRES, OLDEST_POSTGRES, parsePostgresVersions } from './postgres-versions.ts';

/** What test files learn of the run's servers. */
export type PostgresRun = {
  /** Majors, oldest first. */
  readonly versions: readonly number[];
  /** `GET <broker>/<major>` answers with the superuser's URL of that server, started by then. */
  readonly broker: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresRun;
  }
}

/**
 * Vitest's global set-up. A server starts when the first test asks for it: a run without database tests
 * starts none. `TEST_DATABASE_URL` names a server that is there; `PG_VERSIONS=14,15,…` the embedded ones.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.TEST_DATABASE_URL;
  const started = new Map<number, Promise<PostgresServer>>();
  const embedded = parsePostgresVersions(process.env.PG_VERSIONS ?? `${OLDEST_POSTGRES},${NEWEST_POSTGRES}`);

  async function urlOf(version: number): Promise<string> {
    if (external) return external;
    const known = embedded.find((candidate) => candidate === version);
    if (known === undefined)
      throw new Error(`PostgreSQL ${version} is not part of this run (${embedded.join(', ')}).`);
    const server = started.get(known) ?? startPostgres({ version: known });
    started.set(known, server);
    return (await server).url();
  }

  const broker = createServer((request, response) => {
    urlOf(Number(request.url?.slice(1))).then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const address = broker.address();
  if (address === null || typeof address === 'string') throw new Error('The broker has no port.');

  project.provide('postgres', {
    versions: external ? [await readMajor(external)] : embedded,
    broker: `http://127.0.0.1:${address.port}`,
  });

  return async () => {
    broker.closeAllConnections();
    await new Promise((resolve) => broker.close(resolve));
    const servers = await Promise.allSettled(started.values());
    await Promise.all(
      servers.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)),
    );
  };
}

async function readMajor(url: string): Promise<number> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<
      { major: number }[]
    >`select current_setting('server_version_num')::int / 10000 as major`;
    if (row === undefined) throw new Error('The server told no version.');
    return row.major;
  } finally {
    await sql.end();
  }
}
