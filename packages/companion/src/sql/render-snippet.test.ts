import { expect, test } from 'vitest';
import { renderSnippet } from './render-snippet.ts';

const file = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].join('\n');

test('the caret stands under the spot, with two lines on either side', () => {
  expect(renderSnippet(file, file.indexOf('ght'))).toBe(
    [' 6 | six', ' 7 | seven', ' 8 | eight', '   |   ^', ' 9 | nine', '10 | ten'].join('\n'),
  );
});

test('the number of lines around it can be chosen', () => {
  expect(renderSnippet(file, file.indexOf('three'), { context: 0 })).toBe('3 | three\n  | ^');
});

test('tabs stay tabs, so that the caret stands right', () => {
  expect(renderSnippet('\ta\t😀b', '\ta\t😀'.length)).toBe('1 | \ta\t😀b\n  | \t \t ^');
});

test('a long line is shown around the caret', () => {
  const sql = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
  const [line = '', caret = ''] = renderSnippet(sql, 500).split('\n');
  expect(line).toHaveLength('1 | '.length + 160);
  expect(line).toMatch(/^1 \| …a+Xb+…$/);
  expect(caret.indexOf('^')).toBe(line.indexOf('X'));
});

test('both ends of a long line can be pointed at', () => {
  const sql = `X${'a'.repeat(500)}Y`;
  const [first = '', atFirst = ''] = renderSnippet(sql, 0).split('\n');
  expect(atFirst.indexOf('^')).toBe(first.indexOf('X'));
  const [last = '', atLast = ''] = renderSnippet(sql, 501).split('\n');
  expect(atLast.indexOf('^')).toBe(last.indexOf('Y'));
  const [end = '', atEnd = ''] = renderSnippet(sql, 502).split('\n');
  expect(atEnd.indexOf('^')).toBe(end.length);
});

test('an empty file has an empty line to point at', () => {
  expect(renderSnippet('', 0)).toBe('1 |\n  | ^');
});

test('escape sequences do not reach the terminal', () => {
  expect(renderSnippet('a\u001b[31mb', 0)).toBe('1 | a\ufffd[31mb\n  | ^');
});

test('with a width, nothing is wider', () => {
  const sql = `${'a'.repeat(500)}X${'b'.repeat(500)}\n${'c'.repeat(500)}`;
  const [line = '', caret = '', after = ''] = renderSnippet(sql, 500, { width: 40 }).split('\n');
  expect([line.length, after.length]).toEqual([40, 40]);
  expect(caret.indexOf('^')).toBe(line.indexOf('X'));
});

test('more than one character can be pointed at, to the end of what is shown', () => {
  expect(renderSnippet('SELECT one, two', 7, { length: 3 })).toBe('1 | SELECT one, two\n  |        ^^^');
  expect(renderSnippet('SELECT one', 7, { length: 30 })).toBe('1 | SELECT one\n  |        ^^^');
  expect(renderSnippet('SELECT one', 10, { length: 0 })).toBe('1 | SELECT one\n  |           ^');
});
