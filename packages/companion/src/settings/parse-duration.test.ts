import { expect, test } from 'vitest';
import { parseDuration } from './parse-duration.ts';

test.each([
  ['0', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1500],
  ['5min', 300_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  [' 2 h ', 7_200_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '30', '-1s', '5 days', '1e3s', 's', '10s5ms', '600h'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
