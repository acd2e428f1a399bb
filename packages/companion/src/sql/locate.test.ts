import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateOffset, offsetOfLine, offsetOfPosition } from './locate.ts';

test('lines end at LF, CRLF and a lone CR alike', () => {
  const text = 'a\nb\r\nc\rd';
  const places = ['a', 'b', 'c', 'd'].map((letter) => locateOffset(text, text.indexOf(letter)));
  expect(places).toEqual([1, 2, 3, 4].map((line) => ({ line, column: 1 })));
});

test('an offset at a line break is on the line that it ends', () => {
  expect(locateOffset('ab\r\ncd', 2)).toEqual({ line: 1, column: 3 });
  expect(locateOffset('ab\r\ncd', 3)).toEqual({ line: 1, column: 4 });
  expect(locateOffset('ab\r\ncd', 4)).toEqual({ line: 2, column: 1 });
});

test('columns count code points', () => {
  expect(locateOffset('x\n😀é=', 'x\n😀é'.length)).toEqual({ line: 2, column: 3 });
});

test('offsets outside the text are its ends', () => {
  expect(locateOffset('ab', 99)).toEqual({ line: 1, column: 3 });
  expect(locateOffset('ab', -1)).toEqual({ line: 1, column: 1 });
  expect(locateOffset('', 0)).toEqual({ line: 1, column: 1 });
});

test('a position of the server counts code points from one', () => {
  expect(offsetOfPosition('😀😀x', 1)).toBe(0);
  expect(offsetOfPosition('😀😀x', 3)).toBe(4);
  expect(offsetOfPosition('😀', 9)).toBe(2);
  expect(offsetOfPosition('ab', 0)).toBe(0);
});

test('position and offset agree on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      expect(offsetOfPosition(before + after, [...before].length + 1)).toBe(before.length);
    }),
  );
});

test('a line and column lead back to the offset, on any text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r\n', '😀') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { line, column } = locateOffset(`${before}x${after}`, before.length);
      expect(offsetOfLine(`${before}x${after}`, line, column)).toBe(before.length);
    }),
  );
});

test('a line without a column is its first character that is not blank', () => {
  expect(offsetOfLine('a\n\t  b\nc', 2)).toBe('a\n\t  '.length);
  expect(offsetOfLine('a\n\nc', 2)).toBe(2);
  expect(offsetOfLine('a', 9)).toBe(0);
});
