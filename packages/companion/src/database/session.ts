import postgres from 'postgres';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import type { DatabaseIdentity } from '../kernel/report.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { parseDatabaseUrl } from './parse-database-url.ts';
import { interruption, jitter, pause, throwIfInterrupted } from './pause.ts';
import { connectFailure, connectionLost, isPassing, queryFailure } from './server-error.ts';

/** Values as the server's text; queries here cast what is not text. */
export type Row = readonly (string | null)[];

export type SessionFacts = {
  readonly identity: DatabaseIdentity;
  /** The server process behind this session, as it says itself. */
  readonly pid: number;
  /** The process the handshake named: another one when a pooler or proxy stands between. */
  readonly handshakePid: number;
};

/** One pinned connection. Every failure is a CompanionError; a lost connection is never silently replaced. */
export type Session = {
  readonly facts: SessionFacts;
  /** One statement, its rows. */
  query(sql: string): Promise<readonly Row[]>;
  execute(sql: string): Promise<void>;
  /** All statements between BEGIN and COMMIT, sent without waiting in between; rolled back when one fails. */
  transaction(statements: readonly string[]): Promise<void>;
  /** Runs one statement on a second, short-lived connection with the same rights. */
  aside(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
};

export type SessionSettings = {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** How long to go on trying for a connection. */
  readonly waitMs: number;
};

const APPLICATION_NAME = 'drizzle-companion';
/** A transaction of ours never waits for us: one that idles has lost its client. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** How soon the server notices, in the middle of a statement, that its client is gone (PostgreSQL 14+). */
const CLIENT_CHECK_MS = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens a session, trying again within `waitMs` while the reason passes by itself. */
export async function openSession(
  database: DatabaseOption,
  settings: SessionSettings,
  signal: AbortSignal | undefined,
  onEvent: (event: RunEvent) => void,
): Promise<Session> {
  const deadline = performance.now() + settings.waitMs;
  for (let attempt = 1; ; attempt += 1) {
    throwIfInterrupted(signal);
    try {
      return await connect(database, settings, signal);
    } catch (error) {
      const left = deadline - performance.now();
      if (!(error instanceof CompanionError) || !isPassing(error) || left <= 0) throw error;
      const delayMs = Math.min(left, jitter(Math.min(250 * 2 ** (attempt - 1), 2_000)));
      onEvent({ type: 'connect-retry', attempt, reason: error.message, delayMs });
      await pause(delayMs, signal);
    }
  }
}

async function connect(
  database: DatabaseOption,
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<Session> {
  let lost: unknown;
  const timeoutMs = Math.max(1_000, Math.min(CONNECT_TIMEOUT_MS, settings.waitMs || CONNECT_TIMEOUT_MS));
  const sql = openClient(database, timeoutMs, () => {
    lost = new Error('the server or the network closed it');
  });
  const send = (text: string) => sql.unsafe(text).simple().values().execute();
  const run = async (text: string): Promise<readonly Row[]> => {
    if (lost) throw connectionLost(lost);
    try {
      return (await send(text)) as unknown as readonly Row[];
    } catch (error) {
      const failure = queryFailure(error);
      if (failure.code === 'connection-lost') lost = error;
      throw failure;
    }
  };

  let hello: readonly (readonly [string, string, string, string])[];
  let handshakePid: number;
  try {
    // Not every platform can watch its clients' sockets; where it cannot, the setting is refused and that is all.
    const watch = (signalled: Promise<unknown>) => signalled.catch(() => undefined);
    const first = sql.unsafe(buildHello(settings)).simple().values().execute();
    const guard = watch(
      send(`SELECT set_config('client_connection_check_interval', '${CLIENT_CHECK_MS}', false)`),
    );
    const result = await within(timeoutMs, signal, first);
    hello = result as unknown as typeof hello;
    handshakePid = (result as unknown as { state: { pid: number } }).state.pid;
    await guard;
  } catch (error) {
    void sql.end({ timeout: 0 });
    throw error instanceof CompanionError ? error : connectFailure(error, describeTarget(sql));
  }
  const [pid, name, user, serverVersion] = hello[0] ?? ['0', '', '', ''];
  const { host, port } = sql.options;
  const identity: DatabaseIdentity = {
    host: host[0] ?? '',
    port: port[0] ?? 5432,
    name,
    user,
    serverVersion,
  };
  const execute = async (text: string) => void (await run(text));

  return {
    facts: { identity, pid: Number(pid), handshakePid },
    query: run,
    execute,
    transaction: async (statements) => {
      const sent = await Promise.allSettled(['BEGIN', ...statements, 'COMMIT'].map(execute));
      const failed = sent.find((result) => result.status === 'rejected');
      if (!failed) return;
      // The one that failed is told; after it everything is refused until the transaction ends.
      await execute('ROLLBACK').catch((error) => (failed.reason as CompanionError).suppressed.push(error));
      throw failed.reason;
    },
    aside: async (text) => {
      const other = openClient(database, 5_000, () => undefined);
      try {
        return (await other.unsafe(text).simple().values()) as unknown as readonly Row[];
      } catch (error) {
        throw queryFailure(error);
      } finally {
        await other.end({ timeout: 1 });
      }
    },
    close: () => sql.end({ timeout: 1 }),
  };
}

function buildHello(settings: SessionSettings): string {
  const set = (name: string, ms: number) => `set_config('${name}', '${ms}', false)`;
  return `SELECT pg_backend_pid()::text, current_database()::text, current_user::text, current_setting('server_version'), ${[
    set('lock_timeout', settings.lockTimeoutMs),
    set('statement_timeout', settings.statementTimeoutMs),
    set('idle_in_transaction_session_timeout', IDLE_IN_TRANSACTION_MS),
  ].join(', ')}`;
}

/** A client of our own, also when the caller gave one: sessions are pinned, and a pool's settings are its own. */
function openClient(database: DatabaseOption, timeoutMs: number, onclose: () => void): postgres.Sql {
  const own = {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: timeoutMs / 1000,
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
    onclose,
    connection: { application_name: APPLICATION_NAME },
  };
  if ('url' in database) {
    try {
      const target = parseDatabaseUrl(database.url);
      return postgres(target.url, { ...own, ...target.options });
    } catch (cause) {
      throw new CompanionError('settings-invalid', {
        message: 'The database URL cannot be read as one.',
        cause,
      });
    }
  }
  const {
    host,
    port,
    path,
    database: name,
    user,
    pass,
    ssl,
    socket,
  } = database.client.options as unknown as Record<string, unknown>;
  const given = { host, port, path, database: name, user, pass, ssl, socket };
  return postgres({
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)),
    ...own,
  });
}

/** The driver does not bound a handshake whose peer closes politely and again and again; this does. */
async function within<T>(ms: number, signal: AbortSignal | undefined, promise: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error(`no answer within ${ms} ms`), { code: 'CONNECT_TIMEOUT' })),
      ms,
    );
    abort = () => signal && reject(interruption(signal));
    signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
  }
}

function describeTarget(sql: postgres.Sql): string {
  const { host, port, database } = sql.options;
  return `${host.map((name, index) => `${name}:${port[index] ?? port[0]}`).join(',')}/${database}`;
}
