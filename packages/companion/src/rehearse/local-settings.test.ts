import { expect, it } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import { localSettings } from './local-settings.ts';

it.each([
  ["SET LOCAL statement_timeout = '1h'", ['statement_timeout']],
  ['SET LOCAL ROLE owner', ['role']],
  ['SET search_path = a', []],
  ["SELECT set_config('my.own', 'x', true)", ['my.own']],
  ["SELECT pg_catalog.set_config('a', '1', true), set_config('b', '2', is_local)", ['a', 'b']],
  ["SELECT set_config('a', '1', false)", []],
  ["SELECT set_config('a', '1', 'f'::bool)", []],
  ['SELECT 1', []],
  ['INSERT INTO t VALUES (1)', []],
])('%s', async (sql, names) => {
  const parser = await loadSqlParser();
  expect(localSettings(parser.parse(sql)[0] ?? null)).toEqual(names);
});
