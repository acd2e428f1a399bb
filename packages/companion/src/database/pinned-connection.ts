import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import postgres from 'postgres';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import { parseDatabaseUrl, type TlsFiles } from './parse-database-url.ts';
import { interruption } from './pause.ts';
import { connectFailure, connectionLost } from './server-error.ts';

const APPLICATION_NAME = 'drizzle-companion';

/** Values as the server's text; our queries cast what is not text. */
export type Row = readonly (string | null)[];

export type Answer = {
  readonly rows: readonly Row[];
  /** The server process that the handshake named. */
  readonly serverPid: number;
};

/** One connection of the driver that is never silently replaced by another. */
export type Pinned = {
  /** To the message it was opened with. */
  readonly answer: Answer;
  readonly target: { readonly host: string; readonly port: number };
  /** Sends one message; several may be under way. Rejects with what the driver threw, or `connection-lost`. */
  send(text: string): Promise<Answer>;
  close(): Promise<void>;
};

/**
 * Opens a connection with a first message, and reserves it. The driver replaces a connection that is lost and sends what it still has in its
 * queue over the new one: outside our transaction, without our lock. A reserved connection has a queue of its own that
 * dies with it; what waits there is told so here.
 */
export async function openPinned(
  database: DatabaseOption,
  first: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Pinned> {
  let lost: CompanionError | null = null;
  const waiting = new Set<(reason: unknown) => void>();
  const client = openClient(database, timeoutMs, () => {
    lost = connectionLost(new Error('the server or the network closed it'));
    for (const reject of waiting) reject(lost);
  });
  const address = describeTarget(client);
  const { host, port } = client.options;
  let answer: Answer;
  let connection: postgres.ReservedSql;
  try {
    // In this order: reserving a connection that is not open yet never resolves when `fetch_types` is off.
    answer = toAnswer(await within(timeoutMs, signal, client.unsafe(first).simple().values()));
    connection = await client.reserve();
  } catch (error) {
    void client.end({ timeout: 0 });
    throw error instanceof CompanionError ? error : connectFailure(error, address);
  }
  return {
    answer,
    target: { host: host[0] ?? '', port: port[0] ?? 5432 },
    send: (text) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(lost);
        waiting.add(reject);
        const settle = (end: () => void) => {
          waiting.delete(reject);
          end();
        };
        connection
          .unsafe(text)
          .simple()
          .values()
          .then(
            (result) => settle(() => resolve(toAnswer(result))),
            (error) => settle(() => reject(error)),
          );
      }),
    close: async () => {
      if (!lost) connection.release();
      // What the driver is given from here on it may keep without ever answering.
      lost ??= connectionLost(new Error('it was closed on this side'));
      await client.end({ timeout: 1 });
      for (const reject of waiting) reject(lost);
    },
  };
}

/** The driver gives a result for each statement of a message, and for a single one that result itself. */
function toAnswer(given: unknown): Answer {
  const results = given as { command?: string; state?: { pid: number } } & readonly unknown[];
  const several = results.command === undefined && results.length > 0;
  const result = (several ? results.at(-1) : results) as readonly Row[] & { state?: { pid: number } };
  return { rows: result, serverPid: result.state?.pid ?? 0 };
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
    // The driver would take the environment's, and so perhaps another database, for an empty one.
    if (!/^postgres(ql)?:\/\//.test(database.url ?? '')) {
      throw new CompanionError('settings-invalid', {
        message: database.url ? 'The database URL is not a postgres:// URL.' : 'The database URL is empty.',
        hint: 'It looks like postgres://user@host:5432/database. Is the variable set that it is taken from?',
      });
    }
    try {
      const { url, options, tls } = parseDatabaseUrl(database.url);
      return postgres(url, { ...own, ...options, ...(tls && { ssl: readTls(tls) }) });
    } catch (cause) {
      throw new CompanionError('settings-invalid', {
        message: `The database URL cannot be used: ${cause instanceof Error && 'code' in cause ? cause.message : 'it cannot be read as one'}.`,
        cause,
      });
    }
  }
  if (typeof database.client?.options !== 'object') {
    throw new CompanionError('usage-invalid', {
      message: 'Neither `url` nor `client` says which database is meant.',
    });
  }
  // Where and how it connects is the caller's, also what it sets for its sessions (search_path, role); how many
  // connections there are, and what becomes of their values, is ours.
  const options = database.client.options as unknown as Record<string, unknown>;
  const given = GIVEN.map((name) => [name, options[name]]).filter(([, value]) => value != null);
  const { connection } = options as { connection?: Record<string, string> };
  return postgres({ ...Object.fromEntries(given), ...own, connection: { ...connection, ...own.connection } });
}

const GIVEN = [
  'host',
  'port',
  'path',
  'database',
  'user',
  'pass',
  'ssl',
  'sslnegotiation',
  'socket',
  'target_session_attrs',
];

function readTls({ ca, cert, key, verify }: TlsFiles): ConnectionOptions {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, 'utf8'));
  return {
    ca: read(ca),
    cert: read(cert),
    key: read(key),
    rejectUnauthorized: verify !== 'nothing',
    ...(verify === 'chain' && { checkServerIdentity: () => undefined }),
  };
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
