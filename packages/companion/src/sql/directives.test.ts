import { expect, test } from 'vitest';
import { describeUnknownDirective, readDirectives } from './directives.ts';
import { loadSqlParser } from './parser.ts';

const parser = await loadSqlParser();
const read = (sql: string) => readDirectives(parser.scan(sql));
const NOTHING = { noTransaction: null, allowances: [], unknown: [] };

test.each([
  '-- drizzle-companion: no-transaction',
  '--drizzle-companion:no-transaction',
  '--   Drizzle-Companion :  NO-TRANSACTION  ',
  '/* drizzle-companion: no-transaction */',
])('%s is the directive', (comment) => {
  expect(read(`SELECT 1;\n${comment}\n`)).toEqual({ ...NOTHING, noTransaction: 10 });
});

test.each([
  ['-- drizzle-companion: no-transction', 'no-transaction'],
  ['-- drizzle-companion: no-transaction please', 'no-transaction'],
  ['-- drizzle-companion no-transaction', 'no-transaction'],
  ['-- drizzle-companion:', null],
  ['-- drizzle-companion: alow drop-column we read it nowhere', 'allow drop-column we read it nowhere'],
  ['-- drizzle-companion: ignore drop-column', 'allow drop-column <reason>'],
  ['-- drizzle-companion: disable-next-line lint/drop-column old', 'allow lint/drop-column old'],
  ['-- drizzle-companion: allow_file drop-column a report', 'allow-file drop-column a report'],
  ['-- drizzle-companion: allowfile', 'allow-file <rule> <reason>'],
  ['-- drizzle-companion allow drop-column we read it nowhere', 'allow drop-column we read it nowhere'],
  ['-- drizzle-companion ignore lint/truncate old', 'allow lint/truncate old'],
  ['-- drizzle-companion: bananas', null],
])('%s is told as unknown, and %s is meant', (comment, meant) => {
  expect(read(comment)).toEqual({
    ...NOTHING,
    unknown: [{ text: comment, offset: 0, end: comment.length, meant }],
  });
});

test.each([
  "SELECT '-- drizzle-companion: no-transaction'",
  '$$ -- drizzle-companion: no-transaction\n$$',
  '-- written with drizzle-companion: no-transaction is not needed',
  '-- drizzle-companion wrote this',
  '-- drizzle-companion allows this',
  '-- drizzle-companion allow us to do this',
  '-- drizzle-companions: no-transaction',
])('%s is no directive', (sql) => {
  expect(read(sql)).toEqual(NOTHING);
});

test.each([
  ['-- drizzle-companion: allow drop-column nobody reads it', ['drop-column'], 'nobody reads it'],
  ['-- drizzle-companion: ALLOW drop-column nobody reads it', ['drop-column'], 'nobody reads it'],
  [
    '-- drizzle-companion: allow drop-column, lint/truncate nobody',
    ['drop-column', 'lint/truncate'],
    'nobody',
  ],
  [
    '-- drizzle-companion: allow drop-column ,truncate,drop-table so',
    ['drop-column', 'truncate', 'drop-table'],
    'so',
  ],
  ['-- drizzle-companion: allow drop-column, truncate', ['drop-column', 'truncate'], ''],
  ['-- drizzle-companion: allow drop-column well, nobody reads it', ['drop-column'], 'well, nobody reads it'],
  ['-- drizzle-companion: allow drop-column,', ['drop-column'], ''],
  ['-- drizzle-companion: allow', [''], ''],
])('%s allows %j', (comment, rules, reason) => {
  const { allowances, unknown } = read(comment);
  expect(unknown).toEqual([]);
  expect(allowances).toEqual(
    rules.map((rule) => ({ scope: 'statement', rule, reason, start: 0, end: comment.length })),
  );
});

test('what is unknown is told with what is meant, and with all that there is', () => {
  const [typo, other] = ['-- drizzle-companion: alow a b', '-- drizzle-companion: bananas'].flatMap(
    (comment) => read(comment).unknown,
  );
  expect(typo && describeUnknownDirective(typo)).toEqual({
    message: 'Nobody knows this directive: -- drizzle-companion: alow a b',
    hint: 'Was this meant: -- drizzle-companion: allow a b? There are: no-transaction, allow <rule> <reason>, allow-file <rule> <reason>.',
  });
  expect(other && describeUnknownDirective(other).hint).toBe(
    'There are: no-transaction, allow <rule> <reason>, allow-file <rule> <reason>.',
  );
});
