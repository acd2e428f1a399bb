import { createDatabase, postgresVersions } from '@companion/testing';
import { PGlite } from '@electric-sql/pglite';
import type { Sql } from 'postgres';
import type { CatalogSource } from '../../src/catalog/catalog.ts';

/** A database to make and to read. */
export type CatalogDatabase = CatalogSource & {
  readonly title: string;
  /** The server's major. */
  readonly major: number;
  execute(sql: string): Promise<void>;
};

/** Every PostgreSQL of the run, and PGlite: new, empty databases that end with the test. */
export function catalogDatabases(): readonly { readonly title: string; open(): Promise<CatalogDatabase> }[] {
  const servers = postgresVersions().map((version) => ({
    title: `PostgreSQL ${version}`,
    open: async () => overServer(version, (await createDatabase({ version })).sql),
  }));
  return [...servers, { title: 'PGlite', open: async () => overPglite(await PGlite.create()) }];
}

/** One connection's worth of a server: with `sql` of at most one connection, transactions may span calls. */
export function overServer(major: number, sql: Pick<Sql, 'unsafe'>): CatalogDatabase {
  return {
    title: `PostgreSQL ${major}`,
    major,
    query: async (text) => lastRows(await sql.unsafe(text).simple().values()),
    execute: async (text) => {
      await sql.unsafe(text).simple();
    },
  };
}

async function overPglite(database: PGlite): Promise<CatalogDatabase> {
  const query: CatalogSource['query'] = async (text) => {
    const results = await database.exec(text, { rowMode: 'array' });
    return (results.at(-1)?.rows ?? []) as unknown as (string | null)[][];
  };
  const [answer] = await query('SHOW server_version_num');
  return {
    title: 'PGlite',
    major: Math.floor(Number(answer?.[0]) / 10_000),
    query,
    execute: async (text) => void (await database.exec(text)),
  };
}

/** The driver answers several statements with a list of results, one with its rows. */
function lastRows(answer: readonly unknown[]): readonly (readonly (string | null)[])[] {
  const [first] = answer;
  const isList = Array.isArray(first) && (first.length === 0 || Array.isArray(first[0]));
  return (isList ? answer.at(-1) : answer) as (string | null)[][];
}
