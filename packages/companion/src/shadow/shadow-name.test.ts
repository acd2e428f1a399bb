import { expect, test } from 'vitest';
import { newShadowName, parseMark, renderMark, timeOfName } from './shadow-name.ts';
import { withDatabase } from './with-database.ts';

test('a mark is read back, under a name of ours alone', () => {
  const mark = { pid: 42, backendStart: '1704067200.123456' };
  expect(parseMark(newShadowName(), renderMark(mark))).toEqual(mark);
  expect(parseMark('production', renderMark(mark))).toBeNull();
  expect(parseMark(`${newShadowName()}x`, renderMark(mark))).toBeNull();
});

test.each([
  null,
  '',
  'of mine',
  renderMark({ pid: 1, backendStart: '1' }).slice(0, -1),
  renderMark({ pid: 1, backendStart: '2024-01-01 00:00:00+00' }),
  `${renderMark({ pid: 1, backendStart: '1' }).split('{')[0]}{}`,
])('the comment %j is no mark', (comment) => {
  expect(parseMark(newShadowName(), comment)).toBeNull();
});

test('a name tells its time', () => {
  expect(Date.now() - (timeOfName(newShadowName()) ?? 0)).toBeLessThan(60_000);
  expect(timeOfName('drizzle_companion_shadow_of_mine_1704067200000')).toBeNull();
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
