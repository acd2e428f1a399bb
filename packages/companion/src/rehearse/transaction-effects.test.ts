import { expect, it } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import { readEffects } from './transaction-effects.ts';

const local = (name: string | null) => ({ kind: 'setting', name, until: 'commit' });
const forSession = (name: string | null) => ({ kind: 'setting', name, until: 'session-end' });
const table = (name: string, onCommit: string) => ({ kind: 'temporary-table', name, onCommit });

it.each([
  ["SET LOCAL statement_timeout = '1h'", [local('statement_timeout')]],
  ['SET LOCAL ROLE owner', [local('role')]],
  ["SET DateStyle = 'ISO'", [forSession('datestyle')]],
  ['RESET ALL', [forSession(null)]],
  ['SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', [forSession(null)]],
  ["SELECT set_config('my.own', 'x', true)", [local('my.own')]],
  ["SELECT pg_catalog.set_config('a', '1', true), set_config('b', '2', is_local)", [local('a'), local('b')]],
  ["SELECT set_config('a', '1', false)", [forSession('a')]],
  ["SELECT set_config('a', '1', 'f'::bool)", [forSession('a')]],
  ['CREATE TEMP TABLE t (a int) ON COMMIT DROP', [table('t', 'drop')]],
  ['CREATE TEMP TABLE t ON COMMIT DELETE ROWS AS SELECT 1', [table('t', 'empty')]],
  ['CREATE TEMP TABLE t (a int)', [table('t', 'keep')]],
  ['CREATE TABLE t (a int)', []],
  ['ROLLBACK TO SAVEPOINT a', [{ kind: 'rollback-to-savepoint' }]],
  ['SAVEPOINT a', []],
  ['SELECT 1', []],
  ['no SQL', []],
  [
    `DO $$ DECLARE x text; BEGIN -- set_config('no', '', true)
      SET LOCAL search_path = other; PERFORM set_config('a.b', f(1), true); x := set_config('c', 'd', false);
      IF true THEN CREATE TEMP TABLE t (a int) ON COMMIT DROP; END IF; END $$`,
    [local('search_path'), table('t', 'drop'), local('a.b'), forSession('c')],
  ],
])('%s', async (sql, effects) => {
  expect(readEffects(sql, await loadSqlParser())).toEqual(effects);
});
