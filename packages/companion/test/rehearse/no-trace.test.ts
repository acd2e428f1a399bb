import { describeEachPostgres, type PostgresUnderTest, type TestDatabase } from '@companion/testing';
import { expect, it } from 'vitest';
import { migrate } from '../../src/migrate/migrate.ts';
import { BREAK, failureOf, folderOf, rehearseSql, statementsOf } from './rehearse-sql.ts';
import { readTrace } from './traces.ts';

/** So few rows that autovacuum, which writes the same numbers, has no reason to come by. */
const BEFORE = `CREATE TABLE users (id int PRIMARY KEY, email text, kind text);
INSERT INTO users SELECT n, 'u' || n, 'k' || n % 3 FROM generate_series(1, 40) n;
CREATE TABLE never_analyzed (id int, a text);
INSERT INTO never_analyzed SELECT n, 'x' FROM generate_series(1, 30) n;
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO parts SELECT n, date '2024-01-01' + 20 * n FROM generate_series(1, 30) n;
CREATE MATERIALIZED VIEW kinds AS SELECT kind, count(*) AS n FROM users GROUP BY kind;
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE moods (id int, m mood);
CREATE SEQUENCE numbers;
ANALYZE users;`;

/** One of each kind of statement that writes somewhere. */
const EVERYTHING = [
  [
    'CREATE TABLE made (id serial PRIMARY KEY, a int UNIQUE);',
    'INSERT INTO made (a) SELECT n FROM generate_series(1, 50) n;',
    'CREATE INDEX on_never ON never_analyzed (a);',
    'ALTER TABLE never_analyzed ADD PRIMARY KEY (id);',
    'CREATE INDEX on_parts ON parts (id);',
    'CREATE UNIQUE INDEX on_kinds ON kinds (kind);',
    'REINDEX TABLE users;',
    'REFRESH MATERIALIZED VIEW kinds;',
    'ALTER TABLE users ALTER COLUMN id TYPE bigint, ADD COLUMN made_at timestamptz DEFAULT clock_timestamp();',
    'ALTER TABLE users ADD COLUMN slug text UNIQUE;',
    'UPDATE users SET slug = email WHERE id <= 3;',
    'DELETE FROM never_analyzed;',
    'TRUNCATE parts_2;',
    'CLUSTER users USING users_pkey;',
    'ANALYZE users;',
  ].join(BREAK),
  [
    "ALTER TYPE mood ADD VALUE 'bad';",
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    'CREATE SCHEMA other;',
    'CREATE VIEW other.v AS SELECT * FROM moods;',
    'COMMENT ON TABLE users IS $$told$$;',
    'GRANT SELECT ON users TO PUBLIC;',
    'DROP TABLE parts;',
    'SET search_path = other;',
    "SELECT set_config('statement_timeout', '7s', false);",
  ].join(BREAK),
  `CREATE INDEX CONCURRENTLY users_kind ON public.users (kind);${BREAK}VACUUM public.users;`,
  `ALTER TABLE public.moods ADD COLUMN n int;\nCOMMIT;\nBEGIN;\nUPDATE public.moods SET n = 3;\nROLLBACK;`,
];

describeEachPostgres('A rehearsal leaves no trace', (server) => {
  it('after everything went well', async () => {
    const database = await prepared(server);
    const before = await readTrace(database.sql);
    const report = await rehearseSql(database, EVERYTHING);
    expect(report.steps.map(({ state }) => state)).toEqual([
      'partly-rehearsed',
      'rehearsed',
      'not-rehearsed',
      'rehearsed',
    ]);
    expect(
      statementsOf(report).filter(({ notRehearsed }) => notRehearsed === undefined).length,
    ).toBeGreaterThan(20);
    expect(await readTrace(database.sql)).toEqual(before);
    expect(report.leftBehind).toEqual([]);
  });

  it('after a failure at any place', async () => {
    const database = await prepared(server);
    const before = await readTrace(database.sql);
    const broken = ['SELECT 1 / 0;', 'CREATE TABLE x (a nosuchtype);', 'this is no SQL;'];
    for (const [at, sql] of broken.entries()) {
      const migrations = EVERYTHING.map((text, index) => (index === at ? `${text}\n${BREAK}${sql}` : text));
      const error = await failureOf(rehearseSql(database, migrations));
      expect(error).toMatchObject({ code: 'migration-failed', fields: { migration: `000${at}_m` } });
      expect(await readTrace(database.sql)).toEqual(before);
    }
  });

  it('where a ledger is, and where nothing is pending', async () => {
    const database = await prepared(server);
    await migrate({ url: database.url, folder: folderOf(['CREATE TABLE first (id int);']) });
    const before = await readTrace(database.sql);
    expect(before.ledger).toHaveLength(1);
    const report = await rehearseSql(database, ['CREATE TABLE first (id int);', 'DROP TABLE first;']);
    expect(report.steps.map(({ name, state }) => [name, state])).toEqual([['0001_m', 'rehearsed']]);
    expect((await rehearseSql(database, ['CREATE TABLE first (id int);'])).steps).toEqual([]);
    expect(await readTrace(database.sql)).toEqual(before);
  });

  it('when a file would end the transaction in a way of its own', async () => {
    const database = await prepared(server);
    const before = await readTrace(database.sql);
    const report = await rehearseSql(database, [
      `INSERT INTO moods VALUES (1, 'good');${BREAK}PREPARE TRANSACTION 'kept';`,
      'SAVEPOINT a;\nINSERT INTO moods VALUES (2);\nROLLBACK TO a;\nRELEASE SAVEPOINT a;',
      '-- drizzle-companion: no-transaction\nDO $$ BEGIN INSERT INTO public.moods VALUES (3); COMMIT; END $$;',
      '/* c */ COMMIT;\nINSERT INTO moods VALUES (4);\nCOMMIT AND CHAIN;\nEND;',
    ]);
    expect(statementsOf(report).flatMap(({ notRehearsed }) => notRehearsed ?? [])).toHaveLength(2);
    expect(await readTrace(database.sql)).toEqual(before);
  });

  it('tells of sequences, which keep their values, and of estimates that it could not save', async () => {
    const database = await prepared(server);
    const report = await rehearseSql(database, [
      "SELECT nextval('numbers');",
      'DO $$ BEGIN EXECUTE $i$CREATE INDEX on_never ON never_analyzed (a)$i$; END $$;',
    ]);
    expect(report.leftBehind).toEqual([
      { kind: 'estimates', name: 'never_analyzed' },
      { kind: 'sequence', name: 'numbers', before: null, after: '1' },
    ]);
  });
});

async function prepared(server: PostgresUnderTest): Promise<TestDatabase> {
  const database = await server.createDatabase();
  await database.sql.unsafe(BEFORE).simple();
  return database;
}
