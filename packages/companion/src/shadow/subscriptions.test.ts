import { expect, test } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import { findUnfit } from './shape-replay.ts';

async function told(sql: string): Promise<string | null> {
  const found = findUnfit(sql, 'pglite', await loadSqlParser());
  return found?.message.split(' connects ')[0] ?? null;
}

test.each([
  [`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;`, 'CREATE SUBSCRIPTION'],
  [`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = true);`, 'CREATE SUBSCRIPTION'],
  [`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false);`, null],
  [`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = 'off');`, null],
  [`CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = 0);`, null],
  ['ALTER SUBSCRIPTION s ENABLE;', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s DISABLE;', null],
  ['ALTER SUBSCRIPTION s REFRESH PUBLICATION;', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET (failover = true);', 'ALTER SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET (slot_name = NONE);', null],
  ['DROP SUBSCRIPTION s;', 'DROP SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION t SET (slot_name = NONE);\nDROP SUBSCRIPTION s;', 'DROP SUBSCRIPTION'],
  ['ALTER SUBSCRIPTION s SET (slot_name = NONE);\nDROP SUBSCRIPTION s;', null],
])('who reaches the publisher: %s', async (sql, what) => {
  expect(await told(sql)).toBe(what);
});
