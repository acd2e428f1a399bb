import type { Asker } from './relations.ts';

/**
 * Constraints that may have checks pending: of tables that the transaction has written to, or that refer to such. Each
 * write leaves this very mode, whatever stronger lock there is beside it.
 */
const PENDING = `WITH written AS MATERIALIZED (
  SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
), pending AS (
  SELECT pg_catalog.format('%I.%I', n.nspname, k.conname) AS name, k.condeferred,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND NOT (k.condeferred AND EXISTS (
      SELECT FROM pg_catalog.pg_constraint o
      WHERE o.conname = k.conname AND o.connamespace = k.connamespace AND NOT o.condeferred
    )) AS goes_by_name
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  WHERE k.condeferrable AND (k.conrelid IN (SELECT relation FROM written) OR k.confrelid IN (SELECT relation FROM written))
)
SELECT pg_catalog.string_agg(DISTINCT name, ', '), pg_catalog.string_agg(DISTINCT name, ', ') FILTER (WHERE condeferred),
  pg_catalog.bool_and(goes_by_name)::text
FROM pending`;

/** All that are immediate at the beginning of a transaction, and share their name with none that is not. */
const IMMEDIATE = `SELECT pg_catalog.string_agg(DISTINCT pg_catalog.format('%I.%I', n.nspname, k.conname), ', ')
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
WHERE k.condeferrable AND NOT k.condeferred AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_constraint o WHERE o.conname = k.conname AND o.connamespace = k.connamespace AND o.condeferred
)`;

/**
 * What checks the constraints that a COMMIT would check now, and then leaves them as a transaction finds them: one
 * statement for each. Named one by one, as `SET CONSTRAINTS ALL` would also bind those that later migrations make.
 */
export async function readDeferredChecks(asker: Asker): Promise<readonly string[]> {
  const [[pending, deferred, allByName] = []] = await asker.query(PENDING);
  if (!pending) return [];
  if (allByName === 'false') return checkAll(asker);
  const checks = [`SET CONSTRAINTS ${pending} IMMEDIATE`];
  return deferred ? [...checks, `SET CONSTRAINTS ${deferred} DEFERRED`] : checks;
}

/**
 * Where a name cannot be said in this role, or DEFERRED is refused because a namesake is not deferrable. One that a later
 * migration makes is bound, too, and checked no sooner than it commits.
 */
async function checkAll(asker: Asker): Promise<readonly string[]> {
  const [[immediate] = []] = await asker.query(IMMEDIATE);
  const checks = ['SET CONSTRAINTS ALL IMMEDIATE', 'SET CONSTRAINTS ALL DEFERRED'];
  return immediate ? [...checks, `SET CONSTRAINTS ${immediate} IMMEDIATE`] : checks;
}
