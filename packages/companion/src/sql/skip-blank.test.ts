import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSqlParser, SqlSyntaxError } from './parser.ts';
import { skipBlank } from './skip-blank.ts';

test('white space and comments are skipped, nested ones whole', () => {
  const sql = ' \t-- one\r\n/* /* two */ */--three\rSELECT 1';
  expect(skipBlank(sql, 0)).toBe(sql.indexOf('SELECT'));
  expect(skipBlank('-- only', 0)).toBe(7);
});

test('a comment without an end stays, and so does a no-break space', () => {
  expect(skipBlank(' /* /* */ x', 0)).toBe(1);
  expect(skipBlank('\u00a0x', 0)).toBe(0);
});

test('it stops where the scanner sees the first token that is no comment', async () => {
  const parser = await loadSqlParser();
  const piece = fc.constantFrom(' ', '\n', '\r', '\t', '-', '--', '/', '*', '/*', '*/', 'a', '+', ';', 'é');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const sql = pieces.join('');
      try {
        const code = parser.scan(sql).find((token) => !token.comment);
        expect(skipBlank(sql, 0)).toBe(code?.start ?? sql.length);
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
