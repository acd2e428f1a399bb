import { refusePooler } from '../database/refuse-pooler.ts';
import { openSession, type Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { dropLeftovers } from './drop-leftovers.ts';
import { dropShadow } from './drop-shadow.ts';
import { refuseTarget } from './refuse-target.ts';
import type { OpenShadow } from './shadow.ts';
import { newShadowName, renderMark } from './shadow-name.ts';
import { withDatabase } from './with-database.ts';

type ServerOptions = {
  readonly url: string;
  readonly target: DatabaseOption | null;
  /** Undefined: the caller has no flag for it. */
  readonly waitMs?: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
};

/**
 * A new database on a server, marked as ours and held by a session of ours. What killed runs have left is dropped first.
 * @throws CompanionError `shadow-refused` when the URL leads into the target.
 */
export async function openOnServer(options: ServerOptions): Promise<OpenShadow> {
  const { url, target, signal } = options;
  const holder = await openFirst(options);
  let name: string | null = null;
  try {
    await refusePooler(holder);
    if (target !== null) await refuseTarget(holder, target, signal);
    await dropLeftovers(holder, url);
    name = await createMarked(holder);
    const session = await openSession({ url: withDatabase(url, name) }, 0, signal, () => undefined);
    const [answer] = await session.query('SHOW server_version_num');
    const made = name;
    return {
      provider: 'server',
      serverVersion: Number(answer?.[0]),
      query: session.query,
      execute: session.execute,
      interrupt: () =>
        void holder.execute(`SELECT pg_terminate_backend(${session.facts.pid})`).catch(() => undefined),
      close: async () => {
        await session.close();
        await dropAndClose(holder, url, made);
      },
    };
  } catch (error) {
    const cleanUp = name === null ? holder.close() : dropAndClose(holder, url, name);
    await cleanUp.catch((failed: unknown) => {
      if (error instanceof CompanionError) error.suppressed.push(failed);
    });
    throw error;
  }
}

/** The first session: the server may not be up yet. */
async function openFirst({
  url,
  waitMs,
  signal,
  onEvent = () => undefined,
}: ServerOptions): Promise<Session> {
  try {
    return await openSession({ url }, waitMs ?? 0, signal, onEvent);
  } catch (error) {
    if (!(error instanceof CompanionError) || error.code !== 'database-unreachable') throw error;
    const wait = waitMs === undefined ? '' : '; --wait 60s goes on trying for a minute';
    throw error.with({
      hint: `Check that the shadow server runs, and that host and port in its URL are right (--shadow-url, or shadow.url in drizzle-companion.config)${wait}.`,
    });
  }
}

/** From the empty template: what an administrator has put into the other one is not of the migrations. */
async function createMarked(holder: Session): Promise<string> {
  const name = newShadowName();
  try {
    await holder.execute(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  } catch (error) {
    if (!(error instanceof CompanionError) || error.code !== 'permission-denied') throw error;
    const { user, host, port } = holder.facts.identity;
    throw new CompanionError('shadow-unavailable', {
      message: `The role ${user} may not create databases on ${host}:${port}.`,
      hint: `Let a superuser run: ALTER ROLE ${quoteIdentifier(user)} CREATEDB; or let PGlite be the shadow, which needs no server.`,
      cause: error,
    });
  }
  const sql =
    'SELECT extract(epoch FROM backend_start)::text FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()';
  const [row] = await holder.query(sql);
  const mark = renderMark({ pid: holder.facts.pid, backendStart: row?.[0] ?? '' });
  await holder.execute(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(mark)}`);
  return name;
}

async function dropAndClose(holder: Session, url: string, name: string): Promise<void> {
  try {
    await dropShadow({ holder, url, name }, { force: true }).catch(async (error: unknown) => {
      if (!(error instanceof CompanionError) || error.code !== 'connection-lost') throw error;
      // The holder's connection is gone, and perhaps the server is not.
      const again = await openSession({ url }, 2_000, undefined, () => undefined);
      await dropShadow({ holder: again, url, name }, { force: true }).finally(again.close);
    });
  } catch (cause) {
    const { host, port } = holder.facts.identity;
    throw new CompanionError('query-failed', {
      message: `The shadow database ${name} on ${host}:${port} could not be dropped: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'The next run with this server tries again.',
      cause,
    });
  } finally {
    await holder.close();
  }
}

/**
 * Of settings, what shows in a catalog, and all that a role or the server's owner has set for new sessions: whatever that
 * is, it may steer what migrations do.
 */
const IDENTITY = `SELECT current_setting('server_version_num'),
  (SELECT string_agg(name || ' ' || default_version, ',' ORDER BY name COLLATE "C") FROM pg_catalog.pg_available_extensions),
  (SELECT datcollate || ' ' || datctype || ' ' || encoding FROM pg_catalog.pg_database WHERE datname = 'template0'),
  current_setting('default_table_access_method'), current_setting('default_toast_compression'), current_setting('search_path'),
  (SELECT string_agg(s.setconfig::text, ',' ORDER BY s.setrole) FROM pg_catalog.pg_db_role_setting s
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
    WHERE s.setdatabase = 0 AND (s.setrole = 0 OR r.rolname = current_user))`;

/** What the server's catalogs depend on: its version, its extensions', its settings. Refuses as `openOnServer`. */
export async function askServer(options: ServerOptions): Promise<string> {
  const { target, signal } = options;
  const session = await openFirst(options);
  try {
    if (target !== null) await refuseTarget(session, target, signal);
    const [row = []] = await session.query(IDENTITY);
    return JSON.stringify([...row, session.facts.identity.user]);
  } finally {
    await session.close();
  }
}
