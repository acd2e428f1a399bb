import { setTimeout as sleep } from 'node:timers/promises';
import { describeEachPostgres, releaseAfterTest, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { closeGate } from './gate.ts';
import { BREAK, failureOf, folderOf, rehearseSql, statementsOf } from './rehearse-sql.ts';
import { readTrace } from './traces.ts';

/**
 * What a statement kind locks is asked of a second session, while the rehearsal is held up behind the statement: of the
 * table t, where nothing else is named.
 */
const STATEMENTS: readonly (readonly [sql: string, setUp?: string, relation?: string])[] = [
  ['ALTER TABLE t ADD COLUMN b int'],
  ['ALTER TABLE t ADD COLUMN b int DEFAULT random()'],
  ['CREATE INDEX i ON t (a)'],
  ['ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID'],
  ['ALTER TABLE t VALIDATE CONSTRAINT c', 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID'],
  ['ALTER TABLE other ADD FOREIGN KEY (t_a) REFERENCES t'],
  ['CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()'],
  ['ALTER TABLE t ALTER COLUMN a SET STATISTICS 100'],
  ["COMMENT ON TABLE t IS 'told'"],
  ['UPDATE t SET a = a + 1000'],
  ['SELECT count(*) FROM t'],
  ['TRUNCATE t CASCADE'],
  ['LOCK TABLE t IN EXCLUSIVE MODE'],
  ['DROP TABLE t CASCADE'],
  ['REINDEX INDEX t_pkey'],
  ['REINDEX TABLE t'],
  ['ALTER INDEX t_pkey RENAME TO k'],
  ['CREATE OR REPLACE VIEW v AS SELECT t_a, 1 AS one FROM other', '', 'v'],
  ['ALTER VIEW v RENAME COLUMN t_a TO a', '', 'v'],
  ['DROP VIEW v', '', 'v'],
  ['ALTER SEQUENCE s INCREMENT BY 2', '', 's'],
  ["SELECT nextval('s')", '', 's'],
];

/** What others do with a relation that must wait for nobody, by the relation; a sequence is written to by what draws from it. */
const USES: Readonly<Record<string, readonly [read: string, write: string]>> = {
  t: ['SELECT FROM t', 'INSERT INTO t VALUES (5000)'],
  v: ['SELECT FROM v', 'INSERT INTO v VALUES (5000)'],
  s: ['SELECT last_value FROM s', 'INSERT INTO numbered DEFAULT VALUES'],
};

const BEFORE = `CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 10);
CREATE TABLE other (t_a int);
CREATE VIEW v AS SELECT t_a FROM other;
CREATE SEQUENCE s; CREATE TABLE numbered (n int DEFAULT nextval('s'));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;`;

describeEachPostgres('What others have to wait for', (server) => {
  it.each(STATEMENTS)('is what the report says of %s', async (statement, setUp = '', relation = 't') => {
    const [read = '', write = ''] = USES[relation] ?? [];
    const database = await server.createDatabase();
    const gate = await closeGate(database);
    const rehearsing = rehearseSql(database, [`${statement};${BREAK}${gate.statement}`], {
      before: BEFORE + setUp,
      lockTimeoutMs: 20_000,
    });
    await gate.isReached();
    const waited = {
      reads: await mustWait(database, read),
      writes: await mustWait(database, write),
    };
    await gate.open();
    const report = await rehearsing;
    const blocks =
      report.steps[0]?.locks.find((lock) => lock.relation === relation)?.blocks ?? 'nothing told';
    expect(blocks).toBe(waited.reads ? 'reads and writes' : waited.writes ? 'writes' : 'nothing told');
  });

  it('is told of those who wait, and of those who were there before', async () => {
    const database = await server.createDatabase();
    await database.sql.unsafe(BEFORE).simple();
    const reader = await session(database, 'shop-api');
    await reader.unsafe('BEGIN; SELECT FROM other');
    const gate = await closeGate(database);
    const rehearsing = rehearseSql(
      database,
      [`CREATE INDEX i ON other (t_a);${BREAK}LOCK TABLE t;${BREAK}${gate.statement}`],
      { lockTimeoutMs: 20_000 },
    );
    await gate.isReached();
    const late = await session(database, 'shop-worker');
    const writing = late.unsafe('INSERT INTO t VALUES (5000)').execute();
    await sleep(1_300);
    await gate.open();
    await writing;
    const report = await rehearsing;
    expect(report.steps[0]?.locks).toMatchObject([
      { relation: 'other', mode: 'Share', usedBy: [{ application: 'shop-api', sessions: 1 }] },
      { relation: 't', mode: 'AccessExclusive', usedBy: [] },
    ]);
    expect(report.summary.wouldWait).toEqual([{ application: 'shop-api', sessions: 1 }]);
    expect(report.summary.waited).toEqual([
      { application: 'shop-worker', sessions: 1, longestMs: expect.any(Number) },
    ]);
    expect(report.summary.waited[0]?.longestMs).toBeGreaterThan(200);
  });

  it('a database in which others work is left alone, unless one asks for it', async () => {
    const database = await server.createDatabase();
    await database.sql.unsafe(BEFORE).simple();
    const api = await session(database, 'shop-api');
    await api.unsafe('SELECT FROM t');
    const options = { url: database.url, folder: folderOf(['DROP TABLE t CASCADE;']) };
    const error = await failureOf(rehearse(options));
    expect(error).toMatchObject({ code: 'database-in-use', exitCode: 5 });
    expect(error.fields.culprits?.map(({ application }) => application)).toContain('shop-api');
    expect(error.fields.hint).toContain('--even-if-busy');
    const lent = await failureOf(rehearse({ client: api, folder: options.folder }));
    expect(lent.fields.hint).toMatch(/evenIfBusy: true$/);
    expect(lent.fields.state?.join(' ')).toContain('client that was lent');
    expect((await rehearse({ ...options, evenIfBusy: true })).steps[0]?.state).toBe('rehearsed');
    // Nothing is pending: nobody would have to wait.
    expect((await rehearse({ ...options, folder: folderOf([]) })).steps).toEqual([]);
    await Promise.all([api.end(), database.sql.end()]);
    expect((await rehearse(options)).steps[0]?.state).toBe('rehearsed');
  });

  it('sessions that a small role may not look at count as at work', async () => {
    const database = await server.createDatabase();
    const role = `${database.name}_small`;
    await database.sql.unsafe(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x'; CREATE ROLE ${role}_app LOGIN PASSWORD 'x'; GRANT CREATE ON SCHEMA public TO ${role}; GRANT CREATE ON DATABASE ${database.name} TO ${role}`,
    );
    releaseAfterTest(async () => {
      const admin = postgres(database.url, { max: 1, onnotice: () => undefined });
      await admin.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}; DROP ROLE ${role}_app`).simple();
      await admin.end();
    });
    const as = (username: string) =>
      Object.assign(new URL(database.url), { username, password: 'x' }).toString();
    const options = { url: as(role), folder: folderOf(['CREATE TABLE mine (id int);']) };
    expect((await rehearse(options)).steps[0]?.state).toBe('rehearsed');
    const app = postgres(as(`${role}_app`), { max: 1 });
    await app`select 1`;
    const error = await failureOf(rehearse(options));
    expect(error).toMatchObject({ code: 'database-in-use' });
    expect(error.fields.culprits).toMatchObject([{ user: `${role}_app`, client: 'unknown', ageMs: null }]);
    expect(error.fields.hint).toContain(`GRANT pg_read_all_stats TO "${role}";`);
    await app.end();
  });

  it('a table that another session holds stops it after the lock timeout, with that session named', async () => {
    const database = await server.createDatabase();
    await database.sql.unsafe(BEFORE).simple();
    const before = await readTrace(database.sql);
    const reader = await session(database, 'long-report');
    await reader.unsafe('BEGIN; SELECT FROM t');
    const error = await failureOf(
      rehearseSql(database, ['ALTER TABLE other ADD COLUMN x int;', 'ALTER TABLE t ADD COLUMN x int;'], {
        lockTimeoutMs: 1_200,
      }),
    );
    expect(error).toMatchObject({ code: 'table-busy', exitCode: 5, fields: { migration: '0001_m' } });
    expect(error.fields.culprits?.map(({ application }) => application)).toEqual(['long-report']);
    expect(error.fields.rehearsal?.steps.map(({ state }) => state)).toEqual(['rehearsed', 'failed']);
    await reader.unsafe('ROLLBACK');
    expect(await readTrace(database.sql)).toEqual(before);
  });

  it('two rehearsals at once go one after the other', async () => {
    const database = await server.createDatabase();
    await database.sql.unsafe(BEFORE).simple();
    const migrations = ['ALTER TABLE t ADD COLUMN x int;'];
    const reports = await Promise.all([rehearseSql(database, migrations), rehearseSql(database, migrations)]);
    expect(reports.map((report) => statementsOf(report).length)).toEqual([1, 1]);
  });
});

async function session(database: TestDatabase, application: string): Promise<postgres.Sql> {
  const sql = postgres(database.url, { max: 1, connection: { application_name: application } });
  await sql`select 1`;
  releaseAfterTest(() => sql.end({ timeout: 0 }));
  return sql;
}

/** Does the statement get its locks while the rehearsal is held up? */
async function mustWait(database: TestDatabase, statement: string): Promise<boolean> {
  const other = postgres(database.url, { max: 1, onnotice: () => undefined });
  try {
    await other.unsafe(`BEGIN; SET LOCAL lock_timeout = '40ms'`);
    return await other.unsafe(statement).then(
      () => false,
      (error: { code?: string }) => {
        expect(error.code).toBe('55P03');
        return true;
      },
    );
  } finally {
    await other.end({ timeout: 0 });
  }
}
