import { chown, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEWEST_POSTGRES, type PostgresVersion } from './postgres-versions.ts';
import { findServerAccount } from './server-account.ts';
import { openTemporaryDirectory, provideBinaries, provideBinariesForOthers } from './server-binaries.ts';
import { type KeptServer, launchKeeper, ServerStartError, SUPERUSER } from './server-keeper.ts';

export type StartOptions = {
  /** Major version; default the newest we support. */
  readonly version?: PostgresVersion;
  /** Further arguments for `postgres`, e.g. `['-c', 'max_connections=10']`. */
  readonly flags?: readonly string[];
  /** Kept when the server stops, and used again when it holds a cluster. Default: a temporary one, removed. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
};

export type PostgresServer = {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly version: PostgresVersion;
  /** The postmaster's. */
  readonly pid: number;
  /** The superuser's URL of a database; default `postgres`. */
  url(database?: string): string;
  /** Ends all sessions and the server. A second call is harmless. */
  stop(): Promise<void>;
};

const PORT_ATTEMPTS = 5;

/**
 * Starts a real PostgreSQL on loopback, also when we are root, and resolves when it accepts connections.
 * It ends with this process at the latest. Throws `ServerStartError` with the server's log.
 */
export async function startPostgres(options: StartOptions = {}): Promise<PostgresServer> {
  const version = options.version ?? NEWEST_POSTGRES;
  const account = await findServerAccount();
  const temporary = account === null ? tmpdir() : await openTemporaryDirectory();
  const native = await (account === null
    ? provideBinaries(version)
    : provideBinariesForOthers(version, temporary));
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await findFreePort());
    const dataDir = options.dataDir ?? (await mkdtemp(join(temporary, `companion-pg${version}-`)));
    try {
      if (account !== null) await chown(dataDir, account.uid, account.gid);
      const flags = [...serverFlags(port), ...(options.flags ?? [])];
      const keepData = options.dataDir !== undefined;
      const kept = await launchKeeper({ native, dataDir, keepData, flags, account });
      return describeServer(kept, version, port);
    } catch (error) {
      // Another process can take the port between our asking for it and the server's binding.
      const taken = error instanceof ServerStartError && /Address already in use/.test(error.log);
      if (!taken || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Nothing here outlives the run, so nothing needs to reach the disk; commits stay as they are by default. */
function serverFlags(port: number): string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'off',
    full_page_writes: 'off',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function describeServer(kept: KeptServer, version: PostgresVersion, port: number): PostgresServer {
  const { name, password } = SUPERUSER;
  return {
    host: '127.0.0.1',
    port,
    version,
    pid: kept.pid,
    url: (database = 'postgres') => `postgres://${name}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => kept.stop(),
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given to us.');
  return address.port;
}
