import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSqlParser } from './parser.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from './quote.ts';

test('quotes and backslashes are doubled where they must be', () => {
  expect(quoteIdentifier('we "quote"')).toBe('"we ""quote"""');
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral("a\\b'c")).toBe("E'a\\\\b''c'");
  expect(quoteQualified('my schema', 't')).toBe('"my schema"."t"');
  expect(quoteQualified(null, 't')).toBe('"t"');
});

test('what PostgreSQL cannot hold is refused', () => {
  expect(() => quoteIdentifier('a\0b')).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
  expect(() => quoteIdentifier('')).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
  expect(() => quoteLiteral('\0')).toThrow(expect.objectContaining({ code: 'usage-invalid' }));
});

test('PostgreSQL reads back what was quoted', async () => {
  const parser = await loadSqlParser();
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
  fc.assert(
    fc.property(text, text, (value, name) => {
      const [tree] = parser.parse(`SELECT ${quoteLiteral(value)} AS ${quoteIdentifier(name)}`);
      const target = { val: { A_Const: { sval: { sval: value } } }, name: name };
      expect(tree).toMatchObject({ SelectStmt: { targetList: [{ ResTarget: target }] } });
    }),
  );
});
