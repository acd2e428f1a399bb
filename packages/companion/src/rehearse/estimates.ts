import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { Relations } from './relations.ts';

/**
 * Building an index writes the planner's estimates of its table into pg_class in place, so that they outlive a rollback;
 * unless the transaction has a row version of its own there. This makes one, by a change that changes nothing, under a
 * lock that is weaker than that of any statement that builds an index. Where it is refused, the report tells what is left.
 * @param settled tables that have one already; those that get one are added.
 */
export async function settleEstimates(
  session: Pick<Session, 'query' | 'execute'>,
  names: readonly string[],
  { known, settled }: { readonly known: Relations; readonly settled: Set<string> },
): Promise<void> {
  if (names.length === 0) return;
  for (const [oid, table] of await session.query(buildTablesSql(names))) {
    if (!oid || !table || settled.has(oid) || !known.has(oid)) continue;
    settled.add(oid);
    await session.execute('SAVEPOINT drizzle_companion_estimates');
    try {
      await session.execute(`ALTER TABLE ${table} RESET (autovacuum_enabled)`);
      await session.execute('RELEASE SAVEPOINT drizzle_companion_estimates');
    } catch (error) {
      const isRefused = error instanceof CompanionError && error.fields.server !== undefined;
      if (!isRefused || error.fields.server?.sqlstate === '57014') throw error;
      await session.execute(
        'ROLLBACK TO SAVEPOINT drizzle_companion_estimates; RELEASE SAVEPOINT drizzle_companion_estimates',
      );
    }
  }
}

/** The tables: those named, those of the indexes named, and their partitions. */
function buildTablesSql(names: readonly string[]): string {
  const named = names.map((name) => `(pg_catalog.to_regclass(${quoteLiteral(name)})::oid)`).join(', ');
  return `WITH named (oid) AS (VALUES ${named}), root AS (
  SELECT coalesce(i.indrelid, named.oid) AS oid FROM named LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = named.oid
), leaf AS (
  SELECT oid FROM root UNION SELECT t.relid::oid FROM root, pg_catalog.pg_partition_tree(root.oid::regclass) t
)
SELECT c.oid::text, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
FROM leaf JOIN pg_catalog.pg_class c ON c.oid = leaf.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm')`;
}
