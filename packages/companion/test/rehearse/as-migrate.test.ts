import { describeEachPostgres, foldersFolder, releaseAfterTest } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { migrate } from '../../src/migrate/migrate.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { BREAK, failureOf, folderOf, rehearseSql, statementsOf } from './rehearse-sql.ts';
import { readTrace } from './traces.ts';

describeEachPostgres('A rehearsal goes as a run would', (server) => {
  it('checks deferred constraints where a migration commits, and defers them again', async () => {
    const database = await server.createDatabase();
    const before = `CREATE TABLE a (id int PRIMARY KEY);
      CREATE TABLE b (id int, a_id int CONSTRAINT to_a REFERENCES a DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE c (id int CONSTRAINT one UNIQUE DEFERRABLE);`;
    const fine = [
      `INSERT INTO b VALUES (1, 1);${BREAK}INSERT INTO a VALUES (1);`,
      'ALTER TABLE b ADD COLUMN x int;',
      `INSERT INTO b VALUES (2, 2);${BREAK}INSERT INTO a VALUES (2);`,
      'INSERT INTO c VALUES (1), (2);\nUPDATE c SET id = id + 1;',
      `CREATE TABLE d (id int PRIMARY KEY, up int REFERENCES d DEFERRABLE INITIALLY DEFERRED);${BREAK}INSERT INTO d VALUES (2, 1);${BREAK}INSERT INTO d VALUES (1, NULL);`,
    ];
    const report = await rehearseSql(database, fine, { before });
    expect(report.steps.map(({ state }) => state)).toEqual(fine.map(() => 'rehearsed'));
    const broken = [...fine, 'INSERT INTO b VALUES (9, 9);', 'INSERT INTO a VALUES (9);'];
    const error = await failureOf(rehearseSql(database, broken));
    const inRun = await failureOf(migrate({ url: database.url, folder: folderOf(broken) }));
    for (const failure of [error, inRun]) {
      expect(failure.fields).toMatchObject({
        migration: '0005_m',
        server: { sqlstate: '23503', constraint: 'to_a' },
      });
    }
    expect(error.message).toBe(inRun.message);
  });

  it('lets settings of a transaction end with it, and those of the session go on', async () => {
    const database = await server.createDatabase();
    const migrations = [
      `SET LOCAL search_path = other;${BREAK}SELECT set_config('my.own', 'x', true);${BREAK}SET work_mem = '5MB';${BREAK}SET LOCAL statement_timeout = '1h';`,
      `CREATE TABLE t AS SELECT current_setting('search_path') AS path, current_setting('my.own', true) AS own,
         current_setting('work_mem') AS mem, current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock;`,
      `DO $$ DECLARE r record; BEGIN SELECT * INTO r FROM t;
         ASSERT r.path NOT LIKE '%other%' AND coalesce(r.own, '') = '' AND r.mem = '5MB' AND r.statement = '5min' AND r.lock = '2s', r::text; END $$;`,
    ];
    const report = await rehearseSql(database, migrations);
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'rehearsed', 'rehearsed']);
    const run = await migrate({ url: database.url, folder: folderOf(migrations), lockTimeoutMs: 2000 });
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('ends with a transaction what a COMMIT ends', async () => {
    const { url, sql } = await server.createDatabase();
    const assert = (what: string) => `DO $$ BEGIN ASSERT ${what}, 'not so'; END $$;`;
    const setting = (name: string) => `coalesce(current_setting('${name}', true), '')`;
    const fine = [
      [
        'CREATE TEMP TABLE tmp ON COMMIT DROP AS SELECT 1 AS a;',
        'CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS;',
        'INSERT INTO emptied VALUES (1);',
        'DECLARE c CURSOR FOR SELECT 1;',
        'SAVEPOINT s;',
      ],
      [
        `DO $$ BEGIN SET LOCAL search_path = other; PERFORM set_config('my.own', 'x', true); SET work_mem = '5MB';
           CREATE TEMP TABLE tmp (a int) ON COMMIT DROP; EXECUTE 'SET LOCAL datestyle = german'; END $$;`,
        'INSERT INTO emptied VALUES (2);',
        'DECLARE c CURSOR FOR SELECT 1;',
      ],
      [
        'CREATE TEMP TABLE tmp (a int) ON COMMIT DROP;',
        assert('NOT EXISTS (SELECT FROM emptied)'),
        assert(`${setting('search_path')} NOT LIKE '%other%' AND ${setting('my.own')} = ''`),
        assert(`${setting('work_mem')} = '5MB' AND ${setting('datestyle')} NOT LIKE '%German%'`),
        "SET lc_messages = 'C';",
        "SET work_mem = '6MB';",
        "SET LOCAL work_mem = '7MB';",
      ],
      [
        assert(`${setting('work_mem')} = '6MB'`),
        "SAVEPOINT a;\nSET work_mem = '8MB';\nROLLBACK TO a;",
        "SET LOCAL statement_timeout = '9s';\nCREATE TEMP TABLE tmp (a int) ON COMMIT DROP;\nCOMMIT;",
        `BEGIN;\nCREATE TEMP TABLE tmp (a int);\nSET work_mem = '9MB';\nROLLBACK;`,
        `CREATE TEMP TABLE tmp (a int);\n${assert(`${setting('work_mem')} = '6MB' AND ${setting('statement_timeout')} = '5min'`)}`,
      ],
    ].map((statements) => statements.join(BREAK));
    const report = await rehearse({ url, folder: folderOf(fine), evenIfBusy: true });
    expect(report.steps.map(({ state }) => state)).toEqual(fine.map(() => 'rehearsed'));
    const broken = folderOf([...fine, 'ROLLBACK TO SAVEPOINT s;']);
    const failures = [
      await failureOf(rehearse({ url, folder: broken, evenIfBusy: true })),
      await failureOf(migrate({ url, folder: broken })),
    ];
    for (const { fields } of failures) {
      expect(fields).toMatchObject({ migration: '0004_m', server: { sqlstate: '3B001' } });
    }
    expect(await sql`select count(*)::int as n from drizzle.__drizzle_migrations`).toEqual([
      { n: fine.length },
    ]);
  });

  it('has the ledger that a run makes first, with the rows of the migrations before', async () => {
    const { url, sql } = await server.createDatabase();
    const migrations = [
      'GRANT USAGE ON SCHEMA drizzle TO PUBLIC;\nDELETE FROM drizzle.__drizzle_migrations WHERE false;',
      `DO $$ BEGIN ASSERT (SELECT count(*) FROM drizzle.__drizzle_migrations) = 1; END $$;
       INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('by hand', 1);`,
      'SELECT 1;\nCOMMIT;\nDO $$ BEGIN ASSERT (SELECT max(statements_done) FROM drizzle.__drizzle_companion) = 2; END $$;',
    ];
    const steps = (run: { readonly steps: readonly { readonly state: string }[] }) =>
      run.steps.map(({ state }) => state);
    const options = { url, folder: folderOf(migrations), evenIfBusy: true };
    expect(steps(await rehearse(options))).toEqual(['rehearsed', 'rehearsed', 'rehearsed']);
    expect(await sql`select from pg_namespace where nspname = 'drizzle'`).toEqual([]);
    expect(steps(await migrate(options))).toEqual(['done', 'done', 'done']);
    const rows = await sql`select id from drizzle.__drizzle_migrations order by id`;
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    // Rows that are there take their ids from a sequence, which a rehearsal leaves as it is.
    const more = [
      ...migrations,
      `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) SELECT 'x', count(*) FROM drizzle.__drizzle_migrations;`,
    ];
    const report = await rehearse({
      ...options,
      folder: folderOf([...more, 'SELECT 1;']),
      accept: [{ code: 'ledger/stray', name: null }],
    });
    expect(steps(report)).toEqual(['rehearsed', 'rehearsed']);
  });

  it('finds the ledger brought to the layout of the folder, as a run brings it', async () => {
    const { url, sql } = await server.createDatabase();
    const first = { name: '20250101000000_a', sql: 'CREATE TABLE a (id int);' };
    await migrate({ url, folder: foldersFolder([first]).path });
    await sql`ALTER TABLE drizzle.__drizzle_migrations DROP COLUMN name, DROP COLUMN applied_at`;
    const second = {
      name: '20250102000000_b',
      sql: `DO $$ BEGIN ASSERT (SELECT name FROM drizzle.__drizzle_migrations) = '${first.name}'; END $$;`,
    };
    const before = await readTrace(sql);
    const report = await rehearse({ url, folder: foldersFolder([first, second]).path, evenIfBusy: true });
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed']);
    expect(await readTrace(sql)).toEqual(before);
  });

  it('fails where the ledger cannot be written, and by the same right', async () => {
    const { url, sql, name: database } = await server.createDatabase();
    const small = `${database}_small`;
    await sql
      .unsafe(`CREATE ROLE ${small} LOGIN PASSWORD 'x'; GRANT CREATE ON SCHEMA public TO ${small}`)
      .simple();
    releaseAfterTest(async () => {
      const admin = postgres(url, { max: 1, onnotice: () => undefined });
      await admin.unsafe(`DROP OWNED BY ${small}; DROP ROLE ${small}`).simple();
      await admin.end();
    });
    const asSmall = { url: Object.assign(new URL(url), { username: small, password: 'x' }).toString() };
    const both = async (options: { readonly url: string; readonly folder: string }) => {
      const rehearsed = await failureOf(rehearse({ ...options, evenIfBusy: true }));
      const { code, message, fields } = await failureOf(migrate(options));
      expect(rehearsed).toMatchObject({ code, message, fields: { hint: fields.hint } });
      return [code, fields.server?.sqlstate, message];
    };
    const folder = folderOf(['CREATE TABLE mine (id int);']);
    expect(await both({ ...asSmall, folder })).toEqual(['permission-denied', '42501', expect.any(String)]);
    const withRole = [
      'SET LOCAL ROLE pg_monitor;\nSELECT 1;',
      'SELECT 1;\nSET LOCAL ROLE pg_monitor;\nCOMMIT;\nSELECT 2;',
    ];
    for (const migration of withRole) {
      const [code, sqlstate] = await both({ url, folder: folderOf([migration]) });
      expect([code, sqlstate]).toEqual(['migration-failed', '42501']);
    }
    await sql
      .unsafe(
        `GRANT USAGE ON SCHEMA drizzle TO ${small}; GRANT SELECT ON ALL TABLES IN SCHEMA drizzle TO ${small}`,
      )
      .simple();
    expect(await both({ ...asSmall, folder })).toContain('42501');
    await sql.unsafe(`GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA drizzle TO ${small}`).simple();
    const [, , message] = await both({ ...asSmall, folder });
    expect(message).toContain('__drizzle_migrations_id_seq');
    await sql.unsafe(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA drizzle TO ${small}`).simple();
    expect((await rehearse({ ...asSmall, folder, evenIfBusy: true })).steps[0]?.state).toBe('rehearsed');
  });

  it('waits for no lock longer than it was told to, whatever a file sets', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(database, [
      [
        "SET LOCAL lock_timeout = '6s';",
        'SET lock_timeout = 0;',
        "DO $$ BEGIN ASSERT current_setting('lock_timeout') = '2s'; SET LOCAL lock_timeout = '1s'; END $$;",
        "DO $$ BEGIN ASSERT current_setting('lock_timeout') = '1s'; END $$;",
      ].join(BREAK),
    ]);
    expect(report.steps[0]?.state).toBe('rehearsed');
  });

  it('tells which lock a later migration takes on a table that the rehearsal has locked already', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        'ALTER TABLE t ADD COLUMN b int;',
        `CREATE INDEX i ON t (b);${BREAK}SELECT count(*) FROM t;${BREAK}CREATE TABLE other (id int);`,
        'CREATE INDEX j ON other (id);',
        'ALTER TABLE t ADD COLUMN c int;',
      ],
      { before: 'CREATE TABLE t (a int);' },
    );
    expect(
      report.steps.map(({ locks }) =>
        locks.map(({ relation, mode, measured }) => [relation, mode, measured]),
      ),
    ).toEqual([
      [['t', 'AccessExclusive', true]],
      [['t', 'Share', false]],
      [],
      [['t', 'AccessExclusive', false]],
    ]);
    expect(statementsOf(report)[2]?.locks).toEqual([]);
  });

  it('holds a lock from its statement to the end of its transaction', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        `SELECT pg_sleep(0.2);${BREAK}ALTER TABLE t ADD COLUMN b int;${BREAK}SELECT pg_sleep(0.3);`,
        'ALTER TABLE u ADD COLUMN b int;\nCOMMIT;\nSELECT pg_sleep(0.3);',
      ],
      { before: 'CREATE TABLE t (a int); CREATE TABLE u (a int);' },
    );
    const [first, second] = report.steps.map(({ locks }) => locks[0]?.heldMs ?? -1);
    expect(first).toBeGreaterThan(300);
    expect(first).toBeLessThan(500);
    expect(second).toBeLessThan(300);
    expect(report.summary.longestLock).toMatchObject({
      relation: 't',
      migration: '0000_m',
      blocks: 'reads and writes',
    });
  });

  it('says which UPDATE takes longer than in a run', async () => {
    const database = await server.createDatabase();
    const before = `CREATE TABLE up (id int PRIMARY KEY); INSERT INTO up VALUES (1);
      CREATE TABLE t (id int, up_id int REFERENCES up); INSERT INTO t SELECT n, 1 FROM generate_series(1, 1000) n;`;
    const [rewrite, update] = ['ALTER TABLE t ALTER COLUMN id TYPE bigint;', 'UPDATE t SET id = id + 1;'];
    const notes = async (migrations: readonly string[], setUp = '') =>
      statementsOf(await rehearseSql(database, migrations, { before: setUp })).map(
        ({ note }) => note !== undefined,
      );
    expect(await notes([rewrite, update, 'UPDATE t SET id = 0 WHERE id = 1;'], before)).toEqual([
      false,
      true,
      false,
    ]);
    expect(await notes([update, update])).toEqual([false, true]);
    expect(await notes([rewrite + BREAK + update, 'ALTER TABLE t DROP COLUMN up_id;', update])).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('refuses what a run refuses, with the same code', async () => {
    const database = await server.createDatabase();
    await migrate({ url: database.url, folder: folderOf(['CREATE TABLE a (id int);']) });
    const edited = await failureOf(
      rehearseSql(database, ['CREATE TABLE a (id bigint);', 'CREATE TABLE b ();']),
    );
    expect(edited).toMatchObject({ code: 'history-refused', exitCode: 4 });
    const accepted = await rehearseSql(database, ['CREATE TABLE a (id bigint);', 'CREATE TABLE b ();'], {
      accept: [{ code: 'ledger/edited', name: '0000_m' }],
      to: '0001_m',
    });
    expect(accepted.steps.map(({ name }) => name)).toEqual(['0001_m']);
  });

  it('goes on after what an earlier run of a migration without a transaction has done', async () => {
    const database = await server.createDatabase();
    const migrations = [
      '-- drizzle-companion: no-transaction\nCREATE TABLE a (id int);\nINSERT INTO a SELECT 1 / n FROM (VALUES (0)) v (n);\nCREATE TABLE b (id int);',
    ];
    await failureOf(migrate({ url: database.url, folder: folderOf(migrations) }));
    const mended = migrations.map((text) => text.replace('1 / n', 'n'));
    const report = await rehearseSql(database, mended);
    expect(statementsOf(report).map(({ notRehearsed }) => notRehearsed ?? null)).toEqual([
      'an earlier run has done it',
      null,
      null,
    ]);
  });
});
