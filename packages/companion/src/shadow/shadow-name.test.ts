import { expect, test } from 'vitest';
import { withDatabase } from './server-provider.ts';
import { newShadowName, parseMark, renderMark } from './shadow-name.ts';

test('a mark is read back, under a name of ours alone', () => {
  const mark = { pid: 42, backendStart: '2024-01-01 00:00:00.123456+00' };
  expect(parseMark(newShadowName(), renderMark(mark))).toEqual(mark);
  expect(parseMark('production', renderMark(mark))).toBeNull();
  expect(parseMark(`${newShadowName()}x`, renderMark(mark))).toBeNull();
});

test.each([
  null,
  '',
  'of mine',
  renderMark({ pid: 1, backendStart: 'x' }).slice(0, -1),
  `${renderMark({ pid: 1, backendStart: 'x' }).split('{')[0]}{}`,
])('the comment %j is no mark', (comment) => {
  expect(parseMark(newShadowName(), comment)).toBeNull();
});

test('names do not meet, and fit', () => {
  const names = Array.from({ length: 100 }, newShadowName);
  expect(new Set(names).size).toBe(100);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(63);
});

test.each([
  ['postgres://u:p%40@h:5432/db', 'postgres://u:p%40@h:5432/x'],
  ['postgresql://u@h1:1,h2:2/db?sslmode=require', 'postgresql://u@h1:1,h2:2/x?sslmode=require'],
  ['postgres://u@h', 'postgres://u@h/x'],
  ['postgres://u@/db?host=/run/postgresql', 'postgres://u@/x?host=/run/postgresql'],
  ['postgres://u@%2Frun%2Fpostgresql/db', 'postgres://u@%2Frun%2Fpostgresql/x'],
])('%s, of another database', (url, other) => {
  expect(withDatabase(url, 'x')).toBe(other);
});
