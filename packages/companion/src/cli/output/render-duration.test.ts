import { expect, test } from 'vitest';
import { renderDuration } from './render-duration.ts';

test.each([
  [0, '0 ms'],
  [0.04, '0 ms'],
  [0.55, '0.6 ms'],
  [3, '3 ms'],
  [9.96, '10 ms'],
  [12.4, '12 ms'],
  [999.6, '1.0 s'],
  [1234, '1.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min'],
  [185_000, '3 min 5 s'],
  [7_200_000, '2 h'],
  [7_380_000, '2 h 3 min'],
])('%d ms is %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text);
});
