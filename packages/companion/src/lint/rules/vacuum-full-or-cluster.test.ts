import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { vacuumFullOrCluster as rule } from './vacuum-full-or-cluster.ts';

test('VACUUM FULL', async () => {
  const { message, text, hint, rewrite } = await expectFinding(rule, 'VACUUM FULL "shop"."orders";');
  expect(text).toBe('VACUUM FULL "shop"."orders"');
  expect(message).toBe(
    'VACUUM FULL writes shop.orders and its indexes anew, under ACCESS EXCLUSIVE: every read and every write waits until the last row is written, and the disk must hold both copies.',
  );
  expect(hint).toContain('pg_repack');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'VACUUM "shop"."orders";' }]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test.each([
  ['VACUUM (FULL, ANALYZE) a (b), c;', 'VACUUM (ANALYZE) "a" ("b"), "c";'],
  ['VACUUM FULL FREEZE VERBOSE ANALYZE a;', 'VACUUM (FREEZE, VERBOSE, ANALYZE) "a";'],
  ['VACUUM (FULL true, VERBOSE false) a;', 'VACUUM "a";'],
])('%s', async (sql, fixed) => {
  const { rewrite } = await expectFinding(rule, sql);
  expect(rewrite?.[0]?.sql).toBe(fixed);
  await expectClean(rule, fixed);
});

test('of the whole database', async () => {
  const { message, rewrite } = await expectFinding(rule, 'VACUUM FULL;');
  expect(message).toContain(
    'writes every table of the database and their indexes anew, each under ACCESS EXCLUSIVE',
  );
  expect(rewrite?.[0]?.sql).toBe('VACUUM;');
});

test('CLUSTER', async () => {
  const { message, hint } = await expectFinding(rule, 'CLUSTER orders USING orders_at;');
  expect(message).toContain('CLUSTER writes orders and its indexes anew, under ACCESS EXCLUSIVE');
  expect(hint).toContain('--order-by');
  const all = await expectFinding(rule, 'CLUSTER;');
  expect(all.message).toContain('every table that was clustered before');
});

test('a materialized view is read, too', async () => {
  await expectFinding(rule, {
    before: 'CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;',
    sql: 'VACUUM FULL totals;',
  });
});

test.each([
  ['VACUUM', 'VACUUM users;'],
  ['with ANALYZE', 'VACUUM (ANALYZE, VERBOSE) users;'],
  ['FULL switched off', 'VACUUM (FULL false) users;'],
  ['ANALYZE', 'ANALYZE users;'],
  ['a note for a later CLUSTER', 'ALTER TABLE users CLUSTER ON users_pkey;'],
  ['a table of the same deployment', ['CREATE TABLE a (b int);', 'VACUUM FULL a;']],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: 'VACUUM FULL settings;', settings: { smallTables: ['settings'] } });
});
