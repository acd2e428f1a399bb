import type { Asker } from './relations.ts';

/** Names that only deferrable constraints have; a namesake that is not would make SET CONSTRAINTS fail. */
const DEFERRABLE = `SELECT pg_catalog.string_agg(q.name, ', '), pg_catalog.string_agg(q.name, ', ') FILTER (WHERE q.deferred)
FROM (
  SELECT pg_catalog.format('%I.%I', n.nspname, k.conname) AS name, pg_catalog.bool_or(k.condeferred) AS deferred
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  GROUP BY n.nspname, k.conname HAVING pg_catalog.bool_and(k.condeferrable)
) q`;

/**
 * What checks the constraints that a COMMIT would check now, and then leaves them deferred as they were: one statement
 * for each. Named one by one, as `SET CONSTRAINTS ALL` would also bind those that later migrations make.
 */
export async function readDeferredChecks(asker: Asker): Promise<readonly string[]> {
  const [[all, deferred] = []] = await asker.query(DEFERRABLE);
  if (!all) return [];
  const checks = [`SET CONSTRAINTS ${all} IMMEDIATE`];
  return deferred ? [...checks, `SET CONSTRAINTS ${deferred} DEFERRED`] : checks;
}
