import { createDatabase, postgresVersions } from '@companion/testing';
import { PGlite } from '@electric-sql/pglite';
import { citext } from '@electric-sql/pglite/contrib/citext';
import type { Sql } from 'postgres';
import type { CatalogSource } from '../../src/catalog/catalog.ts';

/** A new, empty database to make and to read, all over one connection: transactions may span calls. */
export type CatalogDatabase = CatalogSource & {
  /** The server's major. */
  readonly major: number;
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
};

/** Every PostgreSQL of the run, and PGlite. */
export function catalogServers(): readonly { readonly title: string; open(): Promise<CatalogDatabase> }[] {
  const servers = postgresVersions().map((version) => ({
    title: `PostgreSQL ${version}`,
    open: () => openOnServer(version),
  }));
  return [...servers, { title: 'PGlite', open: openPglite }];
}

export async function openOnServer(version: number): Promise<CatalogDatabase> {
  const { sql, drop } = await createDatabase({ version });
  const connection = await sql.reserve();
  return {
    ...overConnection(version, connection),
    close: async () => {
      connection.release();
      await drop();
    },
  };
}

export function overConnection(major: number, sql: Pick<Sql, 'unsafe'>): Omit<CatalogDatabase, 'close'> {
  return {
    major,
    query: async (text) => lastRows(await sql.unsafe(text).simple().values()),
    execute: async (text) => {
      await sql.unsafe(text).simple();
    },
  };
}

async function openPglite(): Promise<CatalogDatabase> {
  const database = await PGlite.create({ extensions: { citext } });
  const query: CatalogSource['query'] = async (text) => {
    const results = await database.exec(text, { rowMode: 'array' });
    return (results.at(-1)?.rows ?? []) as unknown as (string | null)[][];
  };
  const [answer] = await query('SHOW server_version_num');
  return {
    major: Math.floor(Number(answer?.[0]) / 10_000),
    query,
    execute: async (text) => {
      await database.exec(text);
    },
    close: () => database.close(),
  };
}

/** The driver answers several statements with a list of results, one with its rows. */
function lastRows(answer: readonly unknown[]): readonly (readonly (string | null)[])[] {
  const [first] = answer;
  const isList = Array.isArray(first) && (first.length === 0 || Array.isArray(first[0]));
  return (isList ? answer.at(-1) : answer) as (string | null)[][];
}
