import { readCatalog } from '@companion/testing';
import type postgres from 'postgres';
import { DEFAULT_LEDGER, type LedgerAddress } from '../src/kernel/ledger-row.ts';
import { FACTS_TABLE } from '../src/ledger/ledger-sql.ts';

/** A database as a migrator leaves it: every fact of its catalog, and the ledger's rows. */
export type World = {
  readonly catalog: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

export async function readWorld(sql: postgres.Sql, ledger = DEFAULT_LEDGER): Promise<World> {
  const catalog = await readCatalog(sql);
  return { catalog: catalog.split('\n'), rows: await readLedgerRows(sql, ledger) };
}

/** The same without our own table, which is all that we may leave beside what stock leaves. */
export async function readWithoutFacts(sql: postgres.Sql, ledger = DEFAULT_LEDGER): Promise<World> {
  const { catalog, rows } = await readWorld(sql, ledger);
  return { catalog: catalog.filter((fact) => !fact.includes(FACTS_TABLE)), rows };
}

/** Every column of every row, as the server writes it; of `applied_at`, a moment, only whether it is there. */
export async function readLedgerRows(
  sql: postgres.Sql,
  { schema, table }: LedgerAddress,
): Promise<World['rows']> {
  const rows = await sql<{ row: Record<string, unknown> }[]>`
    select to_jsonb(t) as row from ${sql(schema)}.${sql(table)} t order by id`;
  return rows.map(({ row }) =>
    'applied_at' in row ? { ...row, applied_at: row.applied_at === null ? null : 'a moment' } : row,
  );
}
