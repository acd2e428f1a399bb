import { expect, test } from 'vitest';
import { statementTitle } from './statement-title.ts';

test('comments go, white space folds, the semicolon goes', () => {
  expect(statementTitle('-- why\nCREATE TABLE /* /* x */ y */ "a" (\r\n\t"b" int -- c\n);\n')).toBe(
    'CREATE TABLE "a" ( "b" int )',
  );
});

test('what looks like a comment inside quotes stays', () => {
  expect(statementTitle(`SELECT '--a', "/*b*/"`)).toBe(`SELECT '--a', "/*b*/"`);
});

test('a long statement is cut, and never inside a character', () => {
  const title = statementTitle(`SELECT '${'😀'.repeat(100)}'`);
  expect([...title]).toHaveLength(72);
  expect(title).toMatch(/^SELECT '😀+…$/u);
});

test('unfinished quotes and comments end somewhere', () => {
  expect(statementTitle("SELECT 'a")).toBe("SELECT 'a");
  expect(statementTitle('SELECT /* a')).toBe('SELECT /* a');
  expect(statementTitle('-- nothing')).toBe('');
});
