import type { Culprit } from '../kernel/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { Row } from './pinned-connection.ts';

/** What stands for the query of a session whose activity the role may not see: most of its columns are null then. */
const HIDDEN = '<insufficient privilege>';

/** The columns of a culprit, from `pg_stat_activity AS a`; `toCulprit` reads them. */
const ACTIVITY = `a.pid::text, a.usename::text, coalesce(a.application_name, ''), CASE WHEN a.query = '${HIDDEN}' THEN 'unknown' ELSE coalesce(host(a.client_addr) || ':' || a.client_port, 'local socket') END, a.state, (extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)) * 1000)::bigint::text, left(coalesce(a.query, ''), 200)`;

/** Rows of `pg_locks AS l` that are the advisory lock `key` (a signed 64-bit integer) in this database. */
function buildAdvisoryLockCondition(key: bigint): string {
  const high = BigInt.asUintN(32, key >> 32n);
  const low = BigInt.asUintN(32, key);
  return `l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = ${high} AND l.objid = ${low} AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`;
}

/** Who holds the advisory lock `key` in this database. */
export function buildLockHolderSql(key: bigint): string {
  return `SELECT ${ACTIVITY}, NULL FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND ${buildAdvisoryLockCondition(key)}`;
}

/** Who blocks the session of server process `pid` right now: sessions, and transactions that were prepared and left. */
export function buildBlockersSql(pid: number): string {
  return `SELECT ${ACTIVITY}, (SELECT min(l.relation::regclass::text) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_locks w ON w.relation = l.relation AND w.pid = ${pid} AND NOT w.granted WHERE l.pid = a.pid AND l.granted), NULL FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (pg_catalog.pg_blocking_pids(${pid}))
UNION ALL ${buildPreparedBlockersSql(pid)}`;
}

/** No process has them: pg_blocking_pids() says 0. Which locks are theirs tells the one that each has on its own number. */
function buildPreparedBlockersSql(pid: number): string {
  return `SELECT '0', p.owner::text, 'prepared transaction', 'no session', 'prepared', (extract(epoch from clock_timestamp() - p.prepared) * 1000)::bigint::text, 'PREPARE TRANSACTION ' || quote_literal(p.gid), min(l.relation::regclass::text), p.gid FROM pg_catalog.pg_prepared_xacts p JOIN pg_catalog.pg_locks own ON own.pid IS NULL AND own.granted AND own.locktype = 'transactionid' AND own.transactionid = p.transaction JOIN pg_catalog.pg_locks l ON l.pid IS NULL AND l.granted AND l.virtualtransaction = own.virtualtransaction JOIN pg_catalog.pg_locks w ON w.pid = ${pid} AND NOT w.granted AND w.locktype = l.locktype AND (w.database, w.relation, w.transactionid::text) IS NOT DISTINCT FROM (l.database, l.relation, l.transactionid::text) WHERE 0 = ANY (pg_catalog.pg_blocking_pids(${pid})) GROUP BY p.gid, p.owner, p.prepared`;
}

/**
 * Client sessions that hold AccessExclusiveLock on a user's relation; temporary tables are nobody else's concern. What
 * kind of session it is, is hidden from a role without pg_read_all_stats: then it counts.
 */
export function buildExclusiveHoldersSql(): string {
  return `SELECT ${ACTIVITY}, min(l.relation::regclass::text) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid() AND coalesce(a.backend_type, 'client backend') = 'client backend' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND c.oid >= 16384 AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'm', 'i', 'I', 'S', 'v', 'f') GROUP BY a.pid, a.usename, a.application_name, a.client_addr, a.client_port, a.state, a.xact_start, a.backend_start, a.query`;
}

/** Client sessions in this database whose transaction has been open for longer than `limitMs`. */
export function buildOldTransactionsSql(limitMs: number): string {
  return `SELECT ${ACTIVITY}, NULL FROM pg_catalog.pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend' AND a.xact_start < clock_timestamp() - interval '${limitMs} milliseconds'`;
}

/**
 * Client sessions of other programs in this database that have done something within `withinMs`, or do it now. Of a
 * session whose activity is hidden from this role it is taken for granted, unless it is a superuser's: those of the
 * platform are always there.
 */
export function buildActiveSessionsSql(withinMs: number): string {
  return `SELECT ${ACTIVITY}, NULL FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.application_name <> 'drizzle-companion' AND CASE WHEN a.query = '${HIDDEN}' THEN NOT coalesce(r.rolsuper, false) ELSE a.backend_type = 'client backend' AND a.query <> '' AND (a.state <> 'idle' OR a.state_change > clock_timestamp() - interval '${withinMs} milliseconds') END ORDER BY a.state_change DESC NULLS LAST, a.pid LIMIT 5`;
}

export function toCulprit([
  pid,
  user,
  application,
  client,
  state,
  ageMs,
  query,
  relation,
  prepared,
]: Row): Culprit {
  return {
    pid: Number(pid),
    user: user ?? null,
    application: application ?? '',
    client: client ?? 'local socket',
    state: state ?? null,
    ageMs: ageMs == null ? null : Number(ageMs),
    query: query ?? '',
    ...(relation && { relation }),
    ...(prepared && { prepared }),
  };
}

/** What shows the sessions whose activity the role may not see; null when there are none among them. Pure. */
export function adviseOnHidden(culprits: readonly Culprit[], role: string): string | null {
  const pids = culprits.flatMap(({ pid, query }) => (query === HIDDEN ? [pid] : []));
  if (pids.length === 0) return null;
  return `What pid ${pids.join(', ')} does is hidden from ${role}, and so it counts. To have it looked at: GRANT pg_read_all_stats TO ${quoteIdentifier(role)};`;
}

/** What ends the prepared transactions among them; null when there are none. Pure. */
export function adviseOnPrepared(culprits: readonly Culprit[]): string | null {
  const names = culprits.flatMap(({ prepared }) => (prepared === undefined ? [] : [quoteLiteral(prepared)]));
  if (names.length === 0) return null;
  const ends = names.map((name) => `COMMIT PREPARED ${name}; or ROLLBACK PREPARED ${name};`);
  return `A prepared transaction keeps its locks until somebody ends it, over a restart of the server, too. Ask whose it is, then: ${ends.join(' ')}`;
}

/** How many sessions of other roles are in this database whose transactions the role may not see. */
export function buildHiddenSessionsSql(): string {
  return `SELECT count(*)::text FROM pg_catalog.pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.query = '${HIDDEN}'`;
}
