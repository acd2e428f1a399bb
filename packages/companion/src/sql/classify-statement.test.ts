import { expect, test } from 'vitest';
import { classifyStatement } from './classify-statement.ts';
import { loadSqlParser } from './parser.ts';

const parser = await loadSqlParser();
const classify = (sql: string) => classifyStatement(parser.parse(sql)[0] ?? null);

test.each([
  ['CREATE INDEX CONCURRENTLY ON t (a)', 'CREATE INDEX CONCURRENTLY'],
  ['DROP INDEX CONCURRENTLY a, b', 'DROP INDEX CONCURRENTLY'],
  ['REINDEX TABLE CONCURRENTLY t', 'REINDEX TABLE CONCURRENTLY'],
  ['REINDEX DATABASE d', 'REINDEX DATABASE'],
  ['REINDEX SYSTEM d', 'REINDEX SYSTEM'],
  ['REINDEX SCHEMA s', 'REINDEX SCHEMA'],
  ['VACUUM', 'VACUUM'],
  ['VACUUM (ANALYZE) t', 'VACUUM'],
  ['ALTER SYSTEM SET work_mem = 1', 'ALTER SYSTEM'],
  ['CREATE DATABASE d', 'CREATE DATABASE'],
  ['DROP DATABASE d', 'DROP DATABASE'],
  ['ALTER DATABASE d SET TABLESPACE s', 'ALTER DATABASE SET TABLESPACE'],
  ["CREATE TABLESPACE s LOCATION '/x'", 'CREATE TABLESPACE'],
  ['DROP TABLESPACE s', 'DROP TABLESPACE'],
  ['CLUSTER', 'CLUSTER of all tables'],
  ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", 'CREATE SUBSCRIPTION'],
  ['DROP SUBSCRIPTION s', 'DROP SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s REFRESH PUBLICATION', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET PUBLICATION p', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET (failover = true)', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET (two_phase = off)', 'ALTER SUBSCRIPTION'],
  ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'DETACH PARTITION CONCURRENTLY'],
  ['DISCARD ALL', 'DISCARD ALL'],
])('%s is refused in a transaction', (sql, name) => {
  expect(classify(sql)).toEqual({ kind: 'refuses', name });
});

test.each([
  'CREATE INDEX i ON t (a)',
  'DROP INDEX a',
  'REINDEX TABLE t',
  'REINDEX (CONCURRENTLY false) INDEX i',
  'REINDEX (CONCURRENTLY off) INDEX i',
  'ANALYZE t',
  'CLUSTER t',
  'DISCARD PLANS',
  'ALTER DATABASE d SET work_mem = 1',
  "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
  'ALTER SUBSCRIPTION s DISABLE',
  'ALTER SUBSCRIPTION s SET (two_phase = true)',
  'ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)',
  'ALTER TABLE t DETACH PARTITION p',
  'ALTER TABLE t SET TABLESPACE s',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
  "ALTER TYPE t ADD VALUE 'x'",
  'SAVEPOINT a',
  'RELEASE a',
  'ROLLBACK TO a',
])('%s is not', (sql) => {
  expect(classify(sql)).toEqual({ kind: 'ordinary', atomic: true });
});

test.each(['CALL p()', 'DO $$ BEGIN COMMIT; END $$', "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'"])(
  '%s may end a transaction by itself',
  (sql) => {
    expect(classify(sql)).toEqual({ kind: 'ordinary', atomic: false });
  },
);

test('what does not parse is ordinary, and promises nothing', () => {
  expect(classifyStatement(null)).toEqual({ kind: 'ordinary', atomic: false });
});

test.each([
  [
    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I x" ON s.t (a)',
    { action: 'create', schema: 's', name: 'I x' },
  ],
  ['CREATE INDEX CONCURRENTLY i ON t (a)', { action: 'create', schema: null, name: 'i' }],
  ['DROP INDEX CONCURRENTLY IF EXISTS s.i', { action: 'drop', schema: 's', name: 'i' }],
  ['DROP INDEX CONCURRENTLY i', { action: 'drop', schema: null, name: 'i' }],
  ['REINDEX INDEX CONCURRENTLY s.i', { action: 'reindex', schema: 's', name: 'i' }],
  ['REINDEX (VERBOSE, CONCURRENTLY) INDEX i', { action: 'reindex', schema: null, name: 'i' }],
])('%s tells which index it may leave invalid', (sql, builds) => {
  expect(classify(sql)).toMatchObject({ kind: 'refuses', builds });
});

test('transaction control is told with its end, its chain and its options', () => {
  expect(classify('BEGIN')).toEqual({ kind: 'begin', name: 'BEGIN', options: false });
  expect(classify('START TRANSACTION READ ONLY')).toEqual({ kind: 'begin', name: 'BEGIN', options: true });
  expect(classify('END')).toEqual({ kind: 'end', name: 'COMMIT', end: 'commit', chain: false });
  expect(classify('COMMIT AND CHAIN')).toEqual({ kind: 'end', name: 'COMMIT', end: 'commit', chain: true });
  expect(classify('ABORT')).toEqual({ kind: 'end', name: 'ROLLBACK', end: 'rollback', chain: false });
});
