import { describeEachPostgres } from '@companion/testing';
import { expect, it } from 'vitest';
import type { RehearsalReport } from '../../src/kernel/rehearsal.ts';
import { migrate } from '../../src/migrate/migrate.ts';
import { BREAK, failureOf, folderOf, rehearseSql, statementsOf } from './rehearse-sql.ts';

const BEFORE = `CREATE TABLE users (id int PRIMARY KEY, email text);
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE moods (id int, m mood);
INSERT INTO moods VALUES (1, 'good');`;

describeEachPostgres('What cannot be rehearsed is said, and is no failure', (server) => {
  it('an index built CONCURRENTLY, and what needs it', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        'CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);',
        `ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;${BREAK}ALTER TABLE users ADD COLUMN a int;`,
        'CREATE TABLE made (id int);',
      ],
      { before: BEFORE },
    );
    expect(report.steps.map(({ state }) => state)).toEqual([
      'not-rehearsed',
      'partly-rehearsed',
      'rehearsed',
    ]);
    expect(reasons(report)).toEqual([
      'CREATE INDEX CONCURRENTLY cannot run inside a transaction',
      'it may need line 1 of 0000_m, which was not rehearsed: index "users_email" does not exist',
    ]);
    expect(report.summary.notRehearsed).toBe(2);
  });

  it('but not where the table is new: there the index is built', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(database, [
      'CREATE TABLE t (a int);\nINSERT INTO t VALUES (1), (1);',
      'CREATE INDEX CONCURRENTLY t_a ON t (a);',
      'DROP INDEX CONCURRENTLY t_a;',
    ]);
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'rehearsed', 'rehearsed']);
    expect(statementsOf(report).map(({ note }) => note !== undefined)).toEqual([false, false, true, true]);
    const sql = 'CREATE INDEX CONCURRENTLY t_a ON t (lower(nosuch));';
    const error = await failureOf(rehearseSql(database, ['CREATE TABLE t (a int);', sql]));
    const column = sql.indexOf('nosuch') + 1;
    expect(error.fields).toMatchObject({ place: { line: 1, column }, server: { sqlstate: '42703' } });
  });

  it('but one that is certain to fail does, with the place of a run', async () => {
    const database = await server.createDatabase();
    await database.sql
      .unsafe(`CREATE SCHEMA app; CREATE TABLE app.t (id int, note text, made timestamptz); CREATE INDEX old ON app.t (id);
        INSERT INTO app.t SELECT 1 FROM generate_series(1, 3); CREATE TABLE app.u (id int UNIQUE);`)
      .simple();
    for (const [sql, sqlstate] of [
      ['CREATE INDEX CONCURRENTLY i ON app.no_such_table (id);', '42P01'],
      ['CREATE INDEX CONCURRENTLY i ON app.t (no_such_column);', '42703'],
      ['CREATE INDEX CONCURRENTLY i ON app."t" /* é */ (id, lower(no_such_column));', '42703'],
      ['CREATE INDEX CONCURRENTLY i ON app.t (id) WHERE no_such_column > 1;', '42703'],
      ['CREATE INDEX CONCURRENTLY i ON app.t (no_such_function(id));', '42883'],
      ['CREATE INDEX CONCURRENTLY i ON app.t USING gin (id);', '42704'],
      ["CREATE INDEX CONCURRENTLY i ON app.t (to_char(made, 'YYYY'));", '42P17'],
      ['CREATE INDEX CONCURRENTLY old ON app.t (note);', '42P07'],
      ['DROP INDEX CONCURRENTLY app.no_such_index;', '42704'],
      ['REINDEX TABLE CONCURRENTLY app.no_such_table;', '42P01'],
      ['REINDEX (CONCURRENTLY) INDEX no_such_index;', '42P01'],
    ] as const) {
      const { fields } = await failureOf(rehearseSql(database, [sql]));
      const run = await failureOf(migrate({ url: database.url, folder: folderOf([sql]) }));
      const { place, hint, server: said } = run.fields;
      expect(fields).toMatchObject({ statement: sql, server: { sqlstate, message: said?.message } });
      expect({ ...fields.place, file: '' }).toEqual({ ...place, file: '' });
      expect(fields.hint).toBe(hint);
    }
    const left = [
      'CREATE UNIQUE INDEX CONCURRENTLY i ON app.t (id) INCLUDE (note);',
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS old ON app.t (no_such_column);',
      'DROP INDEX CONCURRENTLY app.i;',
      'DROP INDEX CONCURRENTLY app.old;',
      'CREATE INDEX CONCURRENTLY old ON app.t (note);',
      'DROP INDEX CONCURRENTLY IF EXISTS no_such_index;',
    ];
    const report = await rehearseSql(database, left);
    expect(report.steps.map(({ state }) => state)).toEqual(left.map(() => 'not-rehearsed'));
  });

  it('a value of an enum that an earlier migration adds', async () => {
    const database = await server.createDatabase();
    const migrations = [
      "ALTER TYPE mood ADD VALUE 'bad';",
      "UPDATE moods SET m = 'bad';",
      'DROP TABLE moods;',
    ];
    const report = await rehearseSql(database, migrations, { before: BEFORE });
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'not-rehearsed', 'rehearsed']);
    expect(reasons(report)).toEqual([
      "it uses the value 'bad' of mood, which an earlier migration commits before it, and a rehearsal does not",
    ]);
    expect((await migrate({ url: database.url, folder: folderOf(migrations) })).steps).toHaveLength(3);
  });

  it('while one that the migration itself adds fails, as it fails in a run', async () => {
    const database = await server.createDatabase();
    const migrations = [
      "ALTER TYPE mood ADD VALUE 'worse';",
      `ALTER TYPE mood ADD VALUE 'bad';${BREAK}UPDATE moods SET m = 'bad';`,
    ];
    const error = await failureOf(rehearseSql(database, migrations, { before: BEFORE }));
    expect(error.fields).toMatchObject({
      migration: '0001_m',
      place: { line: 2 },
      server: { sqlstate: '55P04' },
    });
    const inRun = await failureOf(migrate({ url: database.url, folder: folderOf(migrations) }));
    expect(inRun.fields).toMatchObject({ migration: '0001_m', server: { sqlstate: '55P04' } });
  });

  it('rows that were left out are no reason to fail, and other errors are', async () => {
    const database = await server.createDatabase();
    const add = "ALTER TYPE mood ADD VALUE 'bad';";
    const fill = "UPDATE moods SET m = 'bad';";
    const check = "ALTER TABLE moods ADD CHECK (m <> 'good');";
    const report = await rehearseSql(database, [add, fill, check], { before: BEFORE });
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'not-rehearsed', 'not-rehearsed']);
    const error = await failureOf(rehearseSql(database, [add, fill, 'SELECT 1 / 0;']));
    expect(error.fields).toMatchObject({ migration: '0002_m', server: { sqlstate: '22012' } });
    const other = "ALTER TABLE users ADD CHECK (email <> 'none');";
    const ofOther = await failureOf(
      rehearseSql(database, [add, fill, `INSERT INTO users VALUES (1, 'none');${BREAK}${other}`]),
    );
    expect(ofOther.fields).toMatchObject({ migration: '0002_m', server: { sqlstate: '23514' } });
    const withoutCause = await failureOf(
      rehearseSql(database, [`${check};`.replace("m <> 'good'", 'id > 1')]),
    );
    expect(withoutCause.fields).toMatchObject({ migration: '0000_m', server: { sqlstate: '23514' } });
  });

  it('but an error that what was left out cannot explain is one', async () => {
    const database = await server.createDatabase();
    await database.sql
      .unsafe('CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1); CREATE INDEX old ON t (id);')
      .simple();
    const left = ['CREATE INDEX CONCURRENTLY i ON t (id);', 'DROP INDEX CONCURRENTLY old;'];
    for (const [sql, sqlstate] of [
      ['ALTER TABLE no_such_table ADD COLUMN x int;', '42P01'],
      ['ALTER TABLE t DROP COLUMN no_such_column;', '42703'],
      ['ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (id);', '23505'],
      ['SELECT no_such_function(1);', '42883'],
      ['CREATE TABLE t (id int);', '42P07'],
      ['ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX j;', '42704'],
    ] as const) {
      const error = await failureOf(rehearseSql(database, [...left, sql]));
      expect(error).toMatchObject({ exitCode: 3, fields: { migration: '0002_m', server: { sqlstate } } });
    }
  });

  it('while what it does explain is not: a key, an index that is still there, a partition', async () => {
    const database = await server.createDatabase();
    const migrations = [
      'CREATE UNIQUE INDEX CONCURRENTLY k ON t (id);',
      'CREATE TABLE u (t_id int CONSTRAINT u_t REFERENCES t (id));',
      'INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING;',
      'INSERT INTO u VALUES (1);',
      'CREATE UNIQUE INDEX CONCURRENTLY on_mv ON mv (id);',
      'REFRESH MATERIALIZED VIEW CONCURRENTLY mv;',
      'DROP INDEX CONCURRENTLY old;',
      'INSERT INTO o VALUES (1);',
      'CREATE UNIQUE INDEX old ON o (id, n);',
      'ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;',
      'ALTER TABLE p1 ADD COLUMN x int;',
      'CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (1) TO (20);',
      'ALTER INDEX k RENAME TO l;',
    ];
    const report = await rehearseSql(database, migrations, {
      before: `CREATE TABLE t (id int); CREATE MATERIALIZED VIEW mv AS SELECT 1 AS id;
        CREATE TABLE o (id int, n int DEFAULT 2); INSERT INTO o VALUES (1, 1); CREATE UNIQUE INDEX old ON o (id);
        CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);`,
    });
    expect(report.steps.map(({ state }) => state)).toEqual(migrations.map(() => 'not-rehearsed'));
    const run = await migrate({ url: database.url, folder: folderOf(migrations) });
    expect(run.steps.map(({ state }) => state)).toEqual(migrations.map(() => 'done'));
  });

  it('what comes after half of the locks that the server has room for', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(database, [
      `SELECT count(pg_advisory_xact_lock(n)) FROM generate_series(1, (0.6 * current_setting('max_locks_per_transaction')::int
         * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int))::int) n;`,
      'CREATE TABLE t (a int);',
      'INSERT INTO t VALUES (1);',
    ]);
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'not-rehearsed', 'not-rehearsed']);
    expect(reasons(report)[0]).toContain('max_locks_per_transaction');
  });

  it('VACUUM, ALTER SYSTEM, a file that commits by itself, an isolation level', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        'VACUUM users;',
        "ALTER SYSTEM SET work_mem = '5MB';",
        'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;',
        '-- drizzle-companion: no-transaction\nCALL p();',
        'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;',
        'ALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nREINDEX INDEX CONCURRENTLY users_pkey;',
        'SELECT nosuch FROM users;',
      ].slice(0, 6),
      { before: BEFORE },
    );
    expect(report.steps.map(({ state }) => state)).toEqual([
      'not-rehearsed',
      'not-rehearsed',
      'rehearsed',
      'not-rehearsed',
      'partly-rehearsed',
      'partly-rehearsed',
    ]);
    expect(reasons(report).join('\n')).toMatchInlineSnapshot(`
      "VACUUM cannot run inside a transaction
      ALTER SYSTEM cannot run inside a transaction
      it cannot run inside a transaction: invalid transaction termination
      what it sets holds for a whole transaction, and a rehearsal has but one
      REINDEX INDEX CONCURRENTLY cannot run inside a transaction"
    `);
  });
});

function reasons(report: RehearsalReport): readonly string[] {
  return statementsOf(report).flatMap(({ notRehearsed }) => notRehearsed ?? []);
}
