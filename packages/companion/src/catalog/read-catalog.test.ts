import { describeEachPostgres } from '@companion/testing';
import postgres from 'postgres';
import { beforeAll, expect, it } from 'vitest';
import { EVERYTHING } from '../../test/catalog/everything.ts';
import { overConnection } from '../../test/catalog/sources.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import type { Catalog } from './catalog.ts';
import { compareCatalogs } from './compare-catalogs.ts';
import { readCatalog } from './read-catalog.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

const keys = ({ entities }: Catalog) => entities.map(({ kind, name }) => `${kind} ${name}`);

describeEachPostgres('readCatalog', ({ version, createDatabase }) => {
  it('tells of an empty database its schema', async () => {
    const { sql } = await createDatabase();
    const catalog = await readCatalog(overConnection(version, sql));
    expect(Math.floor(catalog.serverVersion / 10_000)).toBe(version);
    expect(catalog.entities).toEqual([
      { kind: 'schema', schema: null, name: 'public', facts: {}, parts: [] },
    ]);
  });

  it('leaves out the ledger, with its sequence, wherever it lies', async () => {
    const { sql } = await createDatabase();
    const ledger = (schema: string) =>
      `CREATE TABLE ${schema}.__drizzle_migrations (id serial PRIMARY KEY, hash text, created_at bigint)`;
    await sql.unsafe(
      `CREATE SCHEMA drizzle; ${ledger('drizzle')}; ${ledger('public')}; CREATE TABLE users (id int)`,
    );
    const catalog = await readCatalog(overConnection(version, sql), {
      schemas: ['drizzle'],
      tables: [{ schema: 'public', name: '__drizzle_migrations' }],
    });
    expect(keys(catalog)).toEqual(['schema public', 'table users']);
  });

  it('leaves out what extensions brought in, and tells what was made of it', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(
      `CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION pg_stat_statements; CREATE TABLE users (name citext, more hstore);
      CREATE EXTENSION tablefunc; CREATE EXTENSION dblink; CREATE SCHEMA inside; ALTER EXTENSION citext ADD SCHEMA inside`,
    );
    const catalog = await readCatalog(overConnection(version, sql));
    expect(keys(catalog)).toEqual([
      'extension citext',
      'extension dblink',
      'extension hstore',
      'extension pg_stat_statements',
      'extension tablefunc',
      'schema public',
      'table users',
    ]);
    expect(catalog.entities[0]?.facts.schemas).toBe('inside');
    expect(catalog.entities.at(-1)?.parts.map(({ facts }) => facts.type)).toEqual([
      'public.citext',
      'public.hstore',
    ]);
  });

  it('reads the same without any rights, and whatever the settings of the session', async () => {
    const { sql, url } = await createDatabase();
    await sql.unsafe(EVERYTHING);
    const role = `stranger_${version}`;
    await sql.unsafe(
      `REVOKE ALL ON SCHEMA public, billing FROM PUBLIC; DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'x'`,
    );
    const own = await readCatalog(overConnection(version, sql));
    const address = Object.assign(new URL(url), { username: role, password: 'x' }).toString();
    const stranger = postgres(address, {
      max: 1,
      onnotice: () => undefined,
      connection: {
        search_path: 'public, billing',
        TimeZone: 'Asia/Kathmandu',
        DateStyle: 'SQL, DMY',
        IntervalStyle: 'iso_8601',
        bytea_output: 'escape',
        quote_all_identifiers: 'on',
      },
    });
    try {
      const theirs = await readCatalog(overConnection(version, stranger));
      expect(theirs).toEqual(own);
    } finally {
      await stranger.end();
      await sql.unsafe(`DROP ROLE ${role}`);
    }
  });

  it('says of a grant to a role who it is, and of one taken back nothing', async () => {
    const { sql, name } = await createDatabase();
    const role = `reader_${name}`;
    await sql.unsafe(
      `CREATE ROLE ${role}; CREATE TABLE users (id int); CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    );
    try {
      const before = await readCatalog(overConnection(version, sql));
      await sql.unsafe(
        `GRANT SELECT ON users TO ${role} WITH GRANT OPTION; GRANT ALL ON users TO PUBLIC; GRANT EXECUTE ON FUNCTION one() TO ${role}`,
      );
      const granted = await readCatalog(overConnection(version, sql));
      const facts = compareCatalogs(before, granted, { parser }).map(({ name: of, part, facts: [fact] }) => [
        of,
        part?.name,
        fact?.actual,
      ]);
      expect(facts).toEqual([
        ['one()', role, 'EXECUTE'],
        ['users', 'PUBLIC', 'all'],
        ['users', role, 'SELECT with grant option'],
      ]);
      await sql.unsafe(`REVOKE ALL ON users FROM ${role}, PUBLIC; REVOKE ALL ON FUNCTION one() FROM ${role}`);
      expect(await readCatalog(overConnection(version, sql))).toEqual(before);
    } finally {
      await sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('keeps the secrets of foreign servers', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(
      `CREATE FOREIGN DATA WRAPPER far; CREATE SERVER s FOREIGN DATA WRAPPER far OPTIONS (host 'h', api_key 'secret'); CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (password 'secret')`,
    );
    const catalog = await readCatalog(overConnection(version, sql));
    expect(catalog.entities.find(({ kind }) => kind === 'foreign server')?.facts.options).toBe(
      'api_key, host=h',
    );
    expect(JSON.stringify(catalog)).not.toContain('secret');
  });

  it('gives a partition none of the names that PostgreSQL made up for it', async () => {
    const { sql } = await createDatabase();
    const make = `CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
      CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE INDEX ON p (b)`;
    await sql.unsafe(make);
    const plain = await readCatalog(overConnection(version, sql));
    await sql.unsafe(
      `DROP TABLE p; CREATE TABLE p1_b_idx (); CREATE TABLE p1_pkey (); ${make}; DROP TABLE p1_b_idx, p1_pkey`,
    );
    const [names] =
      await sql`SELECT string_agg(relname, ' ' ORDER BY relname) AS list FROM pg_class WHERE relkind = 'i' AND relispartition AND relnamespace = 'public'::regnamespace`;
    expect(names?.list).toBe('p1_b_idx1 p1_pkey1');
    expect(await readCatalog(overConnection(version, sql))).toEqual(plain);
  });
});
