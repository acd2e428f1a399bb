import { adviseOnHidden, buildActiveSessionsSql, toCulprit } from '../database/culprits.ts';
import type { Row } from '../database/pinned-connection.ts';
import type { Aside, Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { TableUse, Waiter } from '../kernel/rehearsal.ts';
import type { Asker } from './relations.ts';

/** Who has worked within this time is at work. */
const AT_WORK_MS = 60_000;

/**
 * Throws `database-in-use`, naming them, when others work in the database: what is rehearsed locks them out.
 * @param lent a client of the caller's, whose own sessions nothing tells from those of others.
 */
export async function refuseInUse(session: Session, { lent }: { readonly lent: boolean }): Promise<void> {
  const rows = await session.query(buildActiveSessionsSql(AT_WORK_MS));
  if (rows.length === 0) return;
  const culprits = rows.map(toCulprit);
  const hidden = adviseOnHidden(culprits, session.facts.identity.user);
  throw new CompanionError('database-in-use', {
    message: 'Other sessions have worked in this database within the last minute.',
    culprits,
    state: [
      'Nothing was changed, and nothing was locked.',
      'A rehearsal takes the locks of all pending migrations, and keeps them to its end: these sessions would wait.',
      ...(lent ? ['Sessions of the client that was lent count, too, when they have just been used.'] : []),
    ],
    hint: `${hidden === null ? '' : `${hidden} `}Rehearse on a copy, on a shadow (--shadow), or when nobody works. To go on regardless: ${lent ? 'evenIfBusy: true' : '--even-if-busy (evenIfBusy in the library)'}`,
  });
}

/** By object id: whose transactions hold locks on the relation at this moment. */
export async function readUses(asker: Asker): Promise<ReadonlyMap<string, readonly TableUse[]>> {
  const rows =
    await asker.query(`SELECT l.relation::text, coalesce(a.application_name, ''), count(DISTINCT l.pid)::text
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted AND l.relation >= 16384 AND l.pid <> pg_catalog.pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
GROUP BY 1, 2 ORDER BY 1, 2`);
  const uses = new Map<string, TableUse[]>();
  for (const [oid, application, sessions] of rows) {
    const use = { application: application ?? '', sessions: Number(sessions) };
    uses.set(oid ?? '', [...(uses.get(oid ?? '') ?? []), use]);
  }
  return uses;
}

const LOOK_EVERY_MS = 500;

/** Looks, from a second connection that it keeps, at who waits for the session while `work` runs. */
export async function watchWaiters<T>(
  session: Session,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly waited: readonly Waiter[] }> {
  const seen = new Map<string, Waiter>();
  const beside: { connection: Aside | null } = { connection: null };
  const leave = async () => {
    await beside.connection?.close().catch(() => undefined);
    beside.connection = null;
  };
  let looking: Promise<void> | null = null;
  const look = async () => {
    try {
      beside.connection ??= await session.openAside();
      for (const row of await beside.connection.query(buildWaitersSql(session.facts.pid)))
        addWaiter(seen, row);
    } catch {
      // Nothing depends on it: where connections are short, or this one is lost, nobody is named, and it tries again.
      await leave();
    }
    looking = null;
  };
  const timer = setInterval(() => {
    looking ??= look();
  }, LOOK_EVERY_MS);
  timer.unref();
  try {
    return { result: await work(), waited: [...seen.values()] };
  } finally {
    clearInterval(timer);
    await looking;
    await leave();
  }
}

function addWaiter(seen: Map<string, Waiter>, [application, sessions, longestMs]: Row): void {
  const name = application ?? '';
  const was = seen.get(name);
  seen.set(name, {
    application: name,
    sessions: Math.max(was?.sessions ?? 0, Number(sessions)),
    longestMs: Math.max(was?.longestMs ?? 0, Number(longestMs)),
  });
}

function buildWaitersSql(pid: number): string {
  return `SELECT coalesce(a.application_name, ''), count(*)::text,
  coalesce(max((extract(epoch FROM clock_timestamp() - a.query_start) * 1000)::bigint), 0)::text
FROM pg_catalog.pg_stat_activity a
WHERE a.pid IN (SELECT l.pid FROM pg_catalog.pg_locks l WHERE NOT l.granted) AND ${pid} = ANY (pg_catalog.pg_blocking_pids(a.pid))
GROUP BY 1`;
}
