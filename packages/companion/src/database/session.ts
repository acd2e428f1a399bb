import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import type { DatabaseIdentity } from '../kernel/report.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { jitter, pause, throwIfInterrupted } from './pause.ts';
import { openPinned, type Pinned, type Row } from './pinned-connection.ts';
import { isPassing, queryFailure } from './server-error.ts';

export type SessionFacts = {
  readonly identity: DatabaseIdentity;
  /** The server process behind this session, as it says itself. */
  readonly pid: number;
  /** The process the handshake named: another one when a pooler or proxy stands between. */
  readonly handshakePid: number;
  /** It replays what another server writes. */
  readonly isStandby: boolean;
};

/** A second connection with the same rights, beside a session that is busy. */
export type Aside = { query(sql: string): Promise<readonly Row[]>; close(): Promise<void> };

/** One pinned connection. Every failure is a CompanionError; a lost connection is never silently replaced. */
export type Session = {
  readonly facts: SessionFacts;
  /** The rows of the statement, or of the last of several. */
  query(sql: string): Promise<readonly Row[]>;
  execute(sql: string): Promise<void>;
  /** All statements between BEGIN and COMMIT, sent without waiting in between; rolled back when one fails. */
  transaction(statements: readonly string[]): Promise<void>;
  /** Runs one statement on a second, short-lived connection with the same rights. */
  aside(sql: string): Promise<readonly Row[]>;
  /** A second connection for more than that; the caller closes it. */
  openAside(): Promise<Aside>;
  close(): Promise<void>;
};

export type Timeouts = { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number };

/** A transaction of ours never waits for us: one that idles has lost its client. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** How soon the server notices, in the middle of a statement, that its client is gone (PostgreSQL 14+). */
const CLIENT_CHECK_MS = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;
const ASIDE_TIMEOUT_MS = 5_000;
const HELLO = `SELECT pg_backend_pid()::text, current_database()::text, current_user::text, current_setting('server_version'), pg_is_in_recovery()::text`;

/**
 * Opens a session, trying again within `waitMs` while the reason passes by itself. It sets nothing: behind a transaction
 * pooler a setting would stay with the server's process, and reach other people's sessions.
 */
export async function openSession(
  database: DatabaseOption,
  waitMs: number,
  signal: AbortSignal | undefined,
  onEvent: (event: RunEvent) => void,
): Promise<Session> {
  const deadline = performance.now() + waitMs;
  for (let attempt = 1; ; attempt += 1) {
    throwIfInterrupted(signal);
    try {
      return await connect(database, waitMs, signal);
    } catch (error) {
      const left = deadline - performance.now();
      if (!(error instanceof CompanionError) || !isPassing(error) || left <= 0) throw error;
      const delayMs = Math.min(left, jitter(Math.min(250 * 2 ** (attempt - 1), 2_000)));
      onEvent({ type: 'connect-retry', attempt, reason: error.message, delayMs });
      await pause(delayMs, signal);
    }
  }
}

/**
 * Sets, for the whole session, what protects others from it and it from itself. Only on a connection that is ours alone.
 * @returns the settings that this server took, for `SET LOCAL` and `SET`: a file may have changed them for the session.
 */
export async function configureSession(session: Session, timeouts: Timeouts): Promise<SessionSettings> {
  const settings = {
    lock_timeout: timeouts.lockTimeoutMs,
    statement_timeout: timeouts.statementTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
  const sets = Object.entries(settings).map(([name, ms]) => `set_config('${name}', '${ms}', false)`);
  // Not every platform can watch its clients' sockets; where it cannot, the setting is refused and that is all.
  const watch = `SELECT set_config('client_connection_check_interval', '${CLIENT_CHECK_MS}', false)`;
  const [, watches] = await Promise.all([
    session.execute(`SELECT ${sets.join(', ')}`),
    session.execute(watch).then(
      () => true,
      () => false,
    ),
  ]);
  return watches ? { ...settings, client_connection_check_interval: CLIENT_CHECK_MS } : settings;
}

/** `name = value` of each setting, values in milliseconds. */
export type SessionSettings = Readonly<Record<string, number>>;

/** The same session, each of whose queries has time-outs of its own, that end with it. For reading. */
export function withTimeouts(session: Session, { lockTimeoutMs, statementTimeoutMs }: Timeouts): Session {
  const local = `SET LOCAL lock_timeout = ${lockTimeoutMs};\nSET LOCAL statement_timeout = ${statementTimeoutMs};`;
  return { ...session, query: (sql) => session.query(`${local}\n${sql}`) };
}

async function connect(
  database: DatabaseOption,
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const timeoutMs = Math.max(1_000, Math.min(CONNECT_TIMEOUT_MS, waitMs || CONNECT_TIMEOUT_MS));
  const pinned = await openPinned(database, HELLO, timeoutMs, signal);
  const query = async (text: string): Promise<readonly Row[]> => {
    try {
      return (await pinned.send(text)).rows;
    } catch (error) {
      throw queryFailure(error);
    }
  };
  const execute = async (text: string) => void (await query(text));

  return {
    facts: toFacts(pinned),
    query,
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
      const other = await openPinned(database, text, ASIDE_TIMEOUT_MS, undefined);
      await other.close();
      return other.answer.rows;
    },
    openAside: async () => {
      const other = await openPinned(database, 'SELECT', ASIDE_TIMEOUT_MS, undefined);
      return { query: async (text) => (await other.send(text)).rows, close: other.close };
    },
    close: pinned.close,
  };
}

function toFacts({ answer, target }: Pinned): SessionFacts {
  const [pid, name, user, serverVersion, isStandby] = answer.rows[0] ?? [];
  const identity = { ...target, name: name ?? '', user: user ?? '', serverVersion: serverVersion ?? '' };
  return { identity, pid: Number(pid), handshakePid: answer.serverPid, isStandby: isStandby === 'true' };
}
