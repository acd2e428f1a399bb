import { beforeAll, expect, it } from 'vitest';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import { judgeStatement } from './judge-statement.ts';

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

it.each([
  ['COMMIT', 'nothing'],
  ['PREPARE TRANSACTION $$x$$', 'nothing'],
  ['COMMIT PREPARED $$x$$', 'nothing'],
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'nothing'],
  ['SET TRANSACTION READ ONLY', 'nothing'],
  ['SET LOCAL transaction_isolation = serializable', 'nothing'],
  ['VACUUM t', 'nothing'],
  ['ANALYZE t', 'nothing'],
  ['CHECKPOINT', 'nothing'],
  ['REINDEX TABLE CONCURRENTLY t', 'nothing'],
  ['ALTER SYSTEM SET work_mem = 1', 'nothing'],
  ['CREATE INDEX CONCURRENTLY i ON t (a)', 'objects'],
  ['ALTER TABLE p DETACH PARTITION t CONCURRENTLY', 'objects'],
  ['CREATE DATABASE other', 'objects'],
  ["COPY t FROM PROGRAM 'date'", 'anything'],
  ["COPY t TO '/tmp/t'", 'anything'],
  // A newer server may understand what our parser does not.
  ['commit and something new', 'anything'],
  ['/* c */ end of all', 'anything'],
])('is not sent: %s', (sql, missing) => {
  expect(judge(sql).skip?.missing).toBe(missing);
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
