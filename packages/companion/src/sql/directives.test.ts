import { expect, test } from 'vitest';
import { readDirectives } from './directives.ts';
import { loadSqlParser } from './parser.ts';

const parser = await loadSqlParser();
const read = (sql: string) => readDirectives(parser.scan(sql));

test.each([
  '-- drizzle-companion: no-transaction',
  '--drizzle-companion:no-transaction',
  '--   Drizzle-Companion :  NO-TRANSACTION  ',
  '/* drizzle-companion: no-transaction */',
])('%s is the directive', (comment) => {
  expect(read(`SELECT 1;\n${comment}\n`)).toEqual({ noTransaction: 10, allowances: [], unknown: [] });
});

test.each([
  '-- drizzle-companion: no-transction',
  '-- drizzle-companion: no-transaction please',
  '-- drizzle-companion no-transaction',
  '-- drizzle-companion:',
])('%s is told as unknown', (comment) => {
  expect(read(comment)).toEqual({ noTransaction: null, allowances: [], unknown: [{ text: comment, offset: 0 }] });
});

test.each([
  "SELECT '-- drizzle-companion: no-transaction'",
  '$$ -- drizzle-companion: no-transaction\n$$',
  '-- written with drizzle-companion: no-transaction is not needed',
  '-- drizzle-companion wrote this',
  '-- drizzle-companions: no-transaction',
])('%s is no directive', (sql) => {
  expect(read(sql)).toEqual({ noTransaction: null, allowances: [], unknown: [] });
});
