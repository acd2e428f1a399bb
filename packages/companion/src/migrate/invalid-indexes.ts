import type { Session } from '../database/session.ts';
import type { Finding } from '../kernel/finding.ts';
import type { ConcurrentIndex } from '../kernel/plan.ts';
import { quoteLiteral, quoteQualified } from '../sql/quote.ts';

const FROM_INVALID = `FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

/**
 * Drops what a broken CONCURRENTLY build left behind under this index's name: an INVALID index costs every write, serves
 * no read, and makes the next build fail or, with IF NOT EXISTS, silently do nothing.
 * @returns the names dropped.
 */
export async function dropInvalidIndex(session: Session, index: ConcurrentIndex): Promise<readonly string[]> {
  if (index.action === 'drop') return [];
  const named = index.action === 'reindex' ? isLeftOf(index.name) : `c.relname = ${quoteLiteral(index.name)}`;
  const rows = await session.query(
    `SELECT n.nspname::text, c.relname::text ${FROM_INVALID} WHERE NOT i.indisvalid AND ${named} AND ${inSchema(index)}`,
  );
  const dropped: string[] = [];
  for (const [schema, relation] of rows) {
    if (!schema || !relation) continue;
    await session.execute(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteQualified(schema, relation)}`);
    dropped.push(`${schema}.${relation}`);
  }
  return dropped;
}

/** After a run that ended inside the statement: did it complete? Null when that cannot be told. */
export async function wasCompleted(session: Session, index: ConcurrentIndex): Promise<boolean | null> {
  if (index.action === 'reindex') return null;
  const rows = await session.query(
    `SELECT i.indisvalid::text ${FROM_INVALID} WHERE c.relname = ${quoteLiteral(index.name)} AND ${inSchema(index)}`,
  );
  return index.action === 'create' ? rows[0]?.[0] === 'true' : rows.length === 0;
}

/** Every INVALID index of the database, as findings for the end of a run. */
export async function readInvalidIndexes(session: Session): Promise<readonly Finding[]> {
  const rows = await session.query(
    `SELECT n.nspname::text, c.relname::text, i.indrelid::regclass::text ${FROM_INVALID} WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`,
  );
  return rows.map(([schema, index, table]) => ({
    code: 'database/invalid-index',
    level: 'warning',
    message: `The index ${schema}.${index} on ${table} is INVALID: a CONCURRENTLY build failed. It slows every write and serves no query.`,
    hint: `When a migration that is not finished left it, the next migrate drops it and builds it again. Else by hand: DROP INDEX CONCURRENTLY ${quoteQualified(schema ?? '', index ?? '')};`,
    docs: 'docs/findings.md#databaseinvalid-index',
  }));
}

/**
 * REINDEX CONCURRENTLY builds beside the index and then swaps the two; broken before that it leaves NAME_ccnew, broken
 * after it NAME_ccold, with a number behind when the name is taken, and NAME cut short when all would be too long.
 */
function isLeftOf(name: string): string {
  const stem = `regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '')`;
  const cutShort = `octet_length(c.relname) >= 60 AND starts_with(${quoteLiteral(name)}, ${stem})`;
  return `c.relname ~ '_cc(new|old)[0-9]*$' AND (${stem} = ${quoteLiteral(name)} OR ${cutShort})`;
}

function inSchema(index: ConcurrentIndex): string {
  return index.schema === null
    ? 'pg_catalog.pg_table_is_visible(i.indrelid)'
    : `n.nspname = ${quoteLiteral(index.schema)}`;
}
