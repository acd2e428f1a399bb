import { describeEachPostgres } from '@companion/testing';
import { expect, it } from 'vitest';
import { migrate } from '../../src/migrate/migrate.ts';
import { BREAK, failureOf, folderOf, rehearseSql, statementsOf } from './rehearse-sql.ts';

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
