import { expect, test } from 'vitest';
import { createDatabase, describeEachPostgres, postgresVersions, withDatabase } from './test-database.ts';

describeEachPostgres('a test database', ({ version, createDatabase }) => {
  test('is empty, and of the version asked for', async () => {
    const { sql } = await createDatabase();
    const [row] = await sql`select current_setting('server_version_num')::int / 10000 as major,
      (select count(*)::int from pg_tables where schemaname = 'public') as tables`;
    expect(row).toEqual({ major: version, tables: 0 });
  });

  test('does not see what another one holds', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await one.sql`create table only_here (id int)`;
    expect(await other.sql`select to_regclass('only_here') as found`).toEqual([{ found: null }]);
  });
});

test('a database is dropped after its use, with sessions still open', async () => {
  const { name, url } = await withDatabase(async (database) => {
    await database.sql`select 1`;
    return database;
  });
  expect(new URL(url).pathname).toBe(`/${name}`);
  const { sql } = await createDatabase();
  expect(await sql`select datname from pg_database where datname = ${name}`).toEqual([]);
});

test('the newest version of the run serves the tests that do not care', async () => {
  const { sql } = await createDatabase();
  const [row] = await sql`select current_setting('server_version_num')::int / 10000 as major`;
  expect(row?.major).toBe(postgresVersions().at(-1));
});
