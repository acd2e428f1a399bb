import { CompanionError, type ErrorCode, type ServerError } from '../kernel/errors.ts';

/** Refusals at log-in. */
const LOGIN = new Set(['28000', '28P01', '42501']);
/** The server ends or refuses sessions: admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections. */
const SHUTDOWN = new Set(['57P01', '57P02', '57P05']);
const PASSING = new Set(['53300', '57P03']);
const PASSING_SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
]);

/** Reads what the driver threw into PostgreSQL's own fields; undefined when it did not come from the server. */
export function parseServerError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error) || error.name !== 'PostgresError') return undefined;
  const raw = error as Error & Readonly<Record<string, string | undefined>>;
  return {
    sqlstate: raw.code ?? '',
    severity: raw.severity ?? 'ERROR',
    message: error.message,
    ...(raw.detail && { detail: raw.detail }),
    ...(raw.hint && { hint: raw.hint }),
    ...(raw.position && { position: Number(raw.position) }),
    ...(raw.where && { where: raw.where }),
    ...(raw.schema_name && { schema: raw.schema_name }),
    ...(raw.table_name && { table: raw.table_name }),
    ...(raw.column_name && { column: raw.column_name }),
    ...(raw.data_type && { dataType: raw.data_type }),
    ...(raw.constraint_name && { constraint: raw.constraint_name }),
  };
}

/** Does it pass by itself: a server that starts, is full, or cannot be reached yet? */
export function isPassing(error: CompanionError): boolean {
  const sqlstate = error.fields.server?.sqlstate;
  if (sqlstate !== undefined) return PASSING.has(sqlstate) || sqlstate.startsWith('08');
  return error.code === 'database-unreachable' && PASSING_SOCKET.has(driverCode(error.fields.cause));
}

/** A failure to open a session, as one of our errors. `where` is `host:port/database` or the like, without secrets. */
export function connectFailure(error: unknown, where: string): CompanionError {
  const server = parseServerError(error);
  const base = { cause: error, ...(server && { server }) };
  if (server && LOGIN.has(server.sqlstate)) {
    return new CompanionError('login-refused', {
      ...base,
      message: `The server at ${where} refuses the login: ${server.message}.`,
      hint:
        server.sqlstate === '28P01'
          ? 'Check user and password in the database URL; characters such as @ / : # in them must be percent-encoded.'
          : 'Check that the role exists and may log in (LOGIN, CONNECT), and that pg_hba.conf lets it in from here; a server that demands TLS wants ?sslmode=require.',
    });
  }
  if (server?.sqlstate === '3D000') {
    const name = where.slice(where.lastIndexOf('/') + 1);
    return new CompanionError('database-missing', {
      ...base,
      message: `The server at ${where} answers: ${server.message}.`,
      hint: `Check the name at the end of the database URL, or create it: CREATE DATABASE "${name.replaceAll('"', '""')}";`,
    });
  }
  if (server?.sqlstate === '42704') {
    return new CompanionError('login-refused', {
      ...base,
      message: `The server at ${where} refuses the login: ${server.message}.`,
      hint: 'It stands behind the ? of the database URL. What is there is sent to the server as a setting of the session; take it out.',
    });
  }
  return new CompanionError('database-unreachable', {
    ...base,
    message: `The database at ${where} cannot be reached: ${server ? `${server.message} (${server.sqlstate})` : describeDriverError(error)}.`,
    hint: 'Check that the server runs and that host and port in the database URL are right; migrate --wait 60s goes on trying for a minute.',
  });
}

/** A failure of a query on an open session, as one of our errors. */
export function queryFailure(error: unknown): CompanionError {
  if (error instanceof CompanionError) return error;
  const server = parseServerError(error);
  if (server) {
    const code: ErrorCode =
      SHUTDOWN.has(server.sqlstate) || server.sqlstate.startsWith('08')
        ? 'connection-lost'
        : server.sqlstate === '42501'
          ? 'permission-denied'
          : 'query-failed';
    return new CompanionError(code, { message: server.message, server, cause: error });
  }
  if (PASSING_SOCKET.has(driverCode(error))) return connectionLost(error);
  return new CompanionError('query-failed', { message: describeDriverError(error), cause: error });
}

export function connectionLost(cause: unknown): CompanionError {
  return new CompanionError('connection-lost', {
    message: `The connection to the database was lost: ${describeDriverError(cause)}.`,
    cause,
  });
}

function driverCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function describeDriverError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeDriverError(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
