import { beforeAll, expect, it } from 'vitest';
import { parseOne } from '../sql/parse-tolerantly.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import { judgeStatement } from './judge-statement.ts';
import { type Missing, missingAfter } from './missing-after.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});
const judge = (text: string) => judgeStatement({ text, offset: 0 }, parser);

it.each([
  'ALTER TABLE t ADD COLUMN a int',
  "SET LOCAL statement_timeout = '1h'",
  'SET search_path = other',
  'SAVEPOINT a',
  'ROLLBACK TO SAVEPOINT a',
  'RELEASE a',
  'PREPARE p AS SELECT 1',
  'COPY t FROM $$/etc/hostname$$',
  'DO $$ BEGIN COMMIT; END $$',
  'LOCK TABLE t',
  'create table no sql at all',
])('is sent: %s', (sql) => {
  expect(judge(sql).skip).toBeNull();
});

it.each<[string, readonly Missing[]]>([
  ['COMMIT', []],
  ['PREPARE TRANSACTION $$x$$', []],
  ['COMMIT PREPARED $$x$$', []],
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', []],
  ['SET TRANSACTION READ ONLY', []],
  ['SET LOCAL transaction_isolation = serializable', []],
  ['VACUUM t', []],
  ['ANALYZE t', []],
  ['CHECKPOINT', []],
  ['REINDEX TABLE CONCURRENTLY t', []],
  ['ALTER SYSTEM SET work_mem = 1', []],
  ['CREATE INDEX CONCURRENTLY i ON s.t (a)', [{ kind: 'made', name: 'i' }]],
  ['CREATE INDEX CONCURRENTLY ON t (a)', [{ kind: 'made', name: 't_', as: 'prefix' }]],
  [
    'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)',
    [
      { kind: 'made', name: 'i' },
      { kind: 'key', table: 't' },
    ],
  ],
  ['DROP INDEX CONCURRENTLY s.i', [{ kind: 'gone', name: 'i' }]],
  ['ALTER TABLE p DETACH PARTITION t CONCURRENTLY', [{ kind: 'detached', partition: 't' }]],
  ['CREATE DATABASE other', [{ kind: 'made', name: 'other' }]],
  ["COPY t FROM PROGRAM 'date'", [{ kind: 'rows', table: 't' }]],
  ["COPY t TO '/tmp/t'", []],
  // A newer server may understand what our parser does not.
  ['commit and something new', []],
  ['/* c */ end of all', []],
])('is not sent: %s', (sql, missing) => {
  expect(judge(sql).skip?.missing).toEqual(missing);
});

it.each([
  ["SELECT setval('s', 1)", 'setval'],
  ["SELECT pg_catalog.setval('s', (SELECT max(id) FROM t))", 'setval'],
  ["WITH x AS (SELECT 1) INSERT INTO t SELECT 1 FROM x WHERE coalesce(setval('s', 2), 1) > 0", 'setval'],
  [
    "SELECT 'x' FROM pg_create_logical_replication_slot('s', 'pgoutput')",
    'pg_create_logical_replication_slot',
  ],
  ['SELECT pg_terminate_backend(pid) FROM pg_stat_activity', 'pg_terminate_backend'],
  ["CREATE TABLE x AS SELECT other.dblink_exec('', 'DROP TABLE t')", 'dblink_exec'],
  ["SELECT lo_export(1, '/tmp/x'), pg_stat_reset()", 'lo_export and pg_stat_reset'],
  ["DO $$ BEGIN PERFORM setval('s', 1); END $$", 'setval'],
  ["DO $x$ BEGIN EXECUTE format('SELECT pg_catalog . setval(%L, 1)', 's'); END $x$", 'setval'],
  ['DO LANGUAGE plsomething $x$ do("SELECT 1"); execute($$SELECT "setval"($q$s$q$, 1)$$) $x$', 'setval'],
])('is not sent, as a rollback does not take back what it calls: %s', (sql, calls) => {
  expect(judge(sql).skip?.reason).toBe(`a rollback does not take back what ${calls} does`);
});

it.each([
  "SELECT nextval('s'), lo_import('/tmp/x'), pg_notify('a', 'b'), pg_advisory_lock(1)",
  "SELECT app.setval('s', 1), dblinked(1), 'setval(1)', setval FROM t",
  'DO $$ BEGIN PERFORM app.setval(1); -- setval(1)\n END $$',
  'ALTER SEQUENCE s RESTART WITH 7',
  'TRUNCATE t RESTART IDENTITY',
  "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT setval('s', 1); END",
])('is sent, as a rollback takes it back, or nothing is called: %s', (sql) => {
  expect(judge(sql).skip).toBeNull();
});

it.each<[string, readonly Missing[]]>([
  ["WITH x AS (DELETE FROM u) UPDATE t SET m = 'bad'", ['t', 'u'].map((table) => ({ kind: 'rows', table }))],
  [
    'ALTER TABLE t ADD COLUMN a int UNIQUE, ADD CONSTRAINT c CHECK (a > 0), DROP COLUMN b, DROP CONSTRAINT d',
    [
      { kind: 'made', name: 'a', columnOf: 't' },
      { kind: 'made', name: 't_', as: 'prefix' },
      { kind: 'key', table: 't' },
      { kind: 'made', name: 'c' },
      { kind: 'gone', name: 'b', columnOf: 't' },
      { kind: 'gone', name: 'd' },
    ],
  ],
  [
    'ALTER TABLE t RENAME COLUMN a TO b',
    [
      { kind: 'made', name: 'b', columnOf: 't' },
      { kind: 'gone', name: 'a', columnOf: 't' },
    ],
  ],
  ['CREATE TYPE s.e AS ENUM ()', [{ kind: 'made', name: 'e' }]],
  ['DROP TABLE s.a, b', ['a', 'b'].map((name) => ({ kind: 'gone', name }))],
  [
    'DO $$ BEGIN CREATE TABLE x (); END $$',
    [
      { kind: 'rows', table: null },
      { kind: 'made', name: 'x' },
    ],
  ],
])('what is missing when it is left out: %s', (sql, missing) => {
  expect(missingAfter({ node: parseOne(sql, parser), text: sql }, parser)).toEqual(missing);
});

it('takes CONCURRENTLY out where it stands, and leaves every other character in its place', () => {
  const sql = 'CREATE UNIQUE INDEX /* CONCURRENTLY */ concurrently "i" ON other."t" (a)';
  expect(judge(sql).concurrent).toEqual({
    relation: '"other"."t"',
    names: 'table',
    without: 'CREATE UNIQUE INDEX /* CONCURRENTLY */              "i" ON other."t" (a)',
  });
  expect(judge('DROP INDEX CONCURRENTLY IF EXISTS i').concurrent).toMatchObject({
    relation: '"i"',
    names: 'index',
    without: 'DROP INDEX              IF EXISTS i',
  });
  expect(judge('REINDEX (CONCURRENTLY) INDEX i').concurrent).toBeNull();
  expect(judge('CREATE INDEX i ON t (a)').concurrent).toBeNull();
});

it('nothing of ours may stand around a savepoint of the file', () => {
  expect(judge('SAVEPOINT a').isSavepoint).toBe(true);
  expect(judge('ROLLBACK TO a').isSavepoint).toBe(true);
  expect(judge('SELECT 1').isSavepoint).toBe(false);
});
