import type { Asker } from './relations.ts';

/** Names that only deferrable constraints have; a namesake that is not would make SET CONSTRAINTS fail. */
const DEFERRABLE = `SELECT pg_catalog.string_agg(DISTINCT q.name, ', '), pg_catalog.string_agg(DISTINCT q.name, ', ') FILTER (WHERE q.condeferred)
FROM (
  SELECT pg_catalog.format('%I.%I', n.nspname, k.conname) AS name, k.condeferred
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  WHERE k.condeferrable AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint o WHERE o.conname = k.conname AND o.connamespace = k.connamespace AND NOT o.condeferrable
  )
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
