import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSqlParser, SqlSyntaxError } from './parser.ts';

const parser = await loadSqlParser();

test('the parser is loaded once', () => {
  expect(loadSqlParser()).toBe(loadSqlParser());
});

test('token offsets are UTF-16 offsets, whatever stands before', () => {
  const sql = 'SELECT \'é😀\', U&"d\\0061t" /* 漢 */ ; x';
  const tokens = parser.scan(sql);
  expect(tokens.map((token) => token.text)).toEqual([
    'SELECT',
    "'é😀'",
    ',',
    'U&"d\\0061t"',
    '/* 漢 */',
    ';',
    'x',
  ]);
  for (const { start, end, text } of tokens) expect(sql.slice(start, end)).toBe(text);
});

test('keywords are told from names, and comments from code', () => {
  const tokens = parser.scan('Commit "commit" commits -- commit\n/* /* commit */ */');
  expect(tokens.map((token) => token.keyword)).toEqual(['commit', null, null, null, null]);
  expect(tokens.map((token) => token.comment)).toEqual([false, false, false, true, true]);
});

test.each([
  "SELECT 'a",
  'SELECT "a',
  'SELECT $x$ a $y$',
  'SELECT /* a /* b */',
  'SELECT ""',
  "SELECT E'\\u1'",
])('the scanner refuses %s with an error of its own', (sql) => {
  expect(() => parser.scan(sql)).toThrow(SqlSyntaxError);
  expect(() => parser.parse(sql)).toThrow(SqlSyntaxError);
});

test('nesting too deep for the parser is an error like any other', () => {
  expect(() => parser.parse(`SELECT 1${'+1'.repeat(20_000)}`)).toThrow(SqlSyntaxError);
  expect(() => parser.parse(`SELECT ${'('.repeat(20_000)}`)).toThrow(SqlSyntaxError);
  expect(parser.parse('SELECT 1')).toHaveLength(1);
});

test('a NUL does not hide what comes after it', () => {
  expect(() => parser.parse('SELECT 1\0; DROP TABLE a')).toThrow(SqlSyntaxError);
  expect(parser.scan("SELECT '\0'; x").map((token) => token.text)).toEqual(['SELECT', "'\0'", ';', 'x']);
});

test('an empty text has no tokens and no statements', () => {
  expect(parser.scan('')).toEqual([]);
  expect(parser.parse('')).toEqual([]);
  expect(parser.parse(' -- nothing')).toEqual([]);
});

test('what PL/pgSQL raises and asserts', () => {
  const block = `DO $$ BEGIN
    IF true THEN RAISE EXCEPTION 'it''s %', n USING HINT = 'a' || 'b'; END IF;
    RAISE EXCEPTION USING MESSAGE = 'c';
    ASSERT false, 'd';
    RAISE;
  END $$`;
  expect(parser.parseRaises(block)).toEqual([
    { message: "it's %", expressions: ['n', "'a' || 'b'"] },
    { message: null, expressions: ["'c'"] },
    { message: null, expressions: ["'d'"] },
    { message: null, expressions: [] },
  ]);
});

test.each(['SELECT 1', 'DO $$ BEGIN nonsense END $$', 'DO $$ BEGIN', ''])(
  'nothing is raised by what PL/pgSQL cannot read: %s',
  (sql) => {
    expect(parser.parseRaises(sql)).toEqual([]);
  },
);

test('any text at all is either scanned, with exact slices, or refused', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      ';',
      '\n',
      '\r',
      '\v',
      '\x01',
      '\ud800',
      "E'",
      'U&"',
      '\\',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const sql = pieces.join('');
      for (const read of [parser.scan, parser.parse]) {
        try {
          read(sql);
        } catch (error) {
          expect(error).toBeInstanceOf(SqlSyntaxError);
        }
      }
      try {
        let end = 0;
        for (const token of parser.scan(sql)) {
          expect(sql.slice(end, token.start)).toMatch(/^[ \t\n\r\f\v]*$/);
          expect(sql.slice(token.start, token.end)).toBe(token.text);
          end = token.end;
        }
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
