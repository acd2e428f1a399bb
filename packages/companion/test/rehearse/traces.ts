import { readCatalog } from '@companion/testing';
import type postgres from 'postgres';

/** All of a database that a rehearsal must leave as it is. */
export type Trace = {
  readonly catalog: string;
  readonly rows: readonly string[];
  /** `pg_class`: files, and what the planner believes of sizes. */
  readonly relations: readonly string[];
  readonly statistics: readonly string[];
  readonly ledger: readonly string[];
  /** The last values of sequences. */
  readonly sequences: readonly string[];
  readonly prepared: number;
};

export async function readTrace(sql: postgres.Sql): Promise<Trace> {
  const list = async (query: string) =>
    (await sql.unsafe(query)).map((row) => JSON.stringify(Object.values(row)));
  const tables = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`;
  const rows: string[] = [];
  for (const { name } of tables) {
    const [row] = await sql.unsafe(
      `select count(*)::text as n, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as hash from ${name} t`,
    );
    rows.push(`${name} ${row?.n} ${row?.hash}`);
  }
  const [prepared] = await sql`select count(*)::int as n from pg_prepared_xacts`;
  const [ledger] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  return {
    catalog: await readCatalog(sql),
    rows,
    relations:
      await list(`select c.oid::text, c.relname, c.relfilenode::text, c.reltuples, c.relpages, c.relallvisible,
      c.relhasindex, c.relhastriggers, c.relhasrules, c.reloptions::text, c.relacl::text
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by c.oid`),
    statistics:
      await list(`select s.starelid::text, s.staattnum, s.stadistinct, s.stanullfrac, s.stavalues1::text
      from pg_statistic s where s.starelid >= 16384 order by 1, 2`),
    ledger: ledger?.there ? await list('select * from drizzle.__drizzle_migrations order by id') : ['none'],
    sequences: await list('select schemaname, sequencename, last_value from pg_sequences order by 1, 2'),
    prepared: prepared?.n ?? -1,
  };
}
