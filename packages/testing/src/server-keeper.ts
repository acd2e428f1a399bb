import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerAccount } from './server-account.ts';

export const SUPERUSER = { name: 'postgres', password: 'postgres' } as const;

export type KeeperOptions = {
  /** Directory of the build that holds `bin/`. */
  readonly native: string;
  readonly dataDir: string;
  /** False removes the data when the server has stopped. */
  readonly keepData: boolean;
  readonly flags: readonly string[];
  readonly account: ServerAccount | null;
};

export type KeptServer = { readonly pid: number; stop(): Promise<void> };

/** The server ended before it was ready; `log` is what it wrote. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly log: string;
  constructor(log: string) {
    super(`PostgreSQL did not start:\n${log}`);
    this.log = log;
  }
}

/**
 * Starts the server, ends it when standard input closes, removes the data. The pipe closes however our own
 * process ends, SIGKILL included: no server and no data can outlive us, and no clean-up hook is needed.
 */
const KEEPER = `
native=$1 data=$2 keep=$3; shift 3
if [ ! -f "$data/PG_VERSION" ]; then
  printf '%s\\n' "$PGPASSWORD" | "$native/bin/initdb" --pgdata="$data" --username="$PGUSER" \\
    --pwfile=/dev/stdin --auth=scram-sha-256 --locale=C --encoding=UTF8 --no-sync >&2
fi
"$native/bin/postgres" -D "$data" "$@" >&2 & server=$!
exec 3<&0
echo "$server"
(read -r _ <&3; kill -INT "$server") >/dev/null 2>&1 & watch=$!
wait "$server"; code=$?
kill "$watch" 2>/dev/null
[ "$keep" = yes ] || rm -rf "$data"
exit "$code"
`;

/** Resolves when the server accepts connections; throws `ServerStartError` when it ends before. */
export async function launchKeeper(options: KeeperOptions): Promise<KeptServer> {
  const { native, dataDir, keepData, flags, account } = options;
  const child = spawn(
    '/bin/sh',
    ['-c', KEEPER, 'keeper', native, dataDir, keepData ? 'yes' : 'no', ...flags],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A session of its own, so that Ctrl-C reaches us alone and the server stops after its clients.
      detached: true,
      // Our working directory may be closed to the account.
      cwd: '/',
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        LC_ALL: 'C',
        TZ: 'UTC',
        PGUSER: SUPERUSER.name,
        PGPASSWORD: SUPERUSER.password,
      },
      ...(account ?? {}),
    },
  );
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  let pid = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    pid = Number(chunk.toString().trim());
  });

  while (!(await isReady(dataDir, pid))) {
    const ended = await Promise.race([exited, sleep(20, null)]);
    if (ended !== null) throw new ServerStartError(log);
  }
  holdNobodyUp(child);
  return {
    pid,
    stop: async () => {
      child.ref();
      child.stdin.end();
      await exited;
    },
  };
}

/** As pg_ctl does it: the first line of postmaster.pid is the server's id, the eighth its state. */
async function isReady(dataDir: string, pid: number): Promise<boolean> {
  if (pid === 0) return false;
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** A server that somebody forgot to stop must not keep the process alive. */
function holdNobodyUp(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) {
    if (stream !== null && stream !== undefined && 'unref' in stream && typeof stream.unref === 'function') {
      stream.unref();
    }
  }
}
