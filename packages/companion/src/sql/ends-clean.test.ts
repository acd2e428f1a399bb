import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endsClean } from './ends-clean.ts';
import { loadSqlParser } from './parser.ts';

const parser = await loadSqlParser();

it.each([
  ['CREATE TABLE "a" ("b" text DEFAULT \'it\'\'s\');', true],
  ["-- it's a comment\nSELECT 1;", true],
  ['SELECT 1 -- and no line end', true],
  ["SELECT 'open", false],
  ['SELECT "open', false],
  ['SELECT "\'" \'', false],
  ['SELECT 1 /* open', false],
  ['SELECT $$a$$', false],
  ["SELECT E'\\''", false],
])('judges %s', (sql, clean) => {
  expect(endsClean(sql)).toBe(clean);
});

it('whatever is clean leaves what follows to itself', () => {
  const pieces = fc.array(fc.constantFrom("'", '"', '--', '\n', 'a', ' ', ';', "''", ','), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(pieces, (given) => {
      const sql = given.join('');
      // What no scanner reads alone, it does not read in a message either.
      fc.pre(endsClean(sql) && scans(sql));
      const tokens = parser.scan(`${sql}\n;SELECT 7 AS marker`);
      expect(tokens.slice(-4).map((token) => token.text)).toEqual(['SELECT', '7', 'AS', 'marker']);
    }),
    { numRuns: 2_000 },
  );
});

function scans(sql: string): boolean {
  try {
    parser.scan(sql);
    return true;
  } catch {
    return false;
  }
}
