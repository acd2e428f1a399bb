import { expect, it } from 'vitest';
import { renderBytes } from './render-bytes.ts';

it.each([
  [0, '0 B'],
  [812, '812 B'],
  [999, '999 B'],
  [1023, '1 kB'],
  [3_482, '3.4 kB'],
  [10_190, '10 kB'],
  [1_048_576, '1 MB'],
  [12_700_000, '12 MB'],
  [5_000_000_000, '4.7 GB'],
])('%d is %s', (bytes, text) => {
  expect(renderBytes(bytes)).toBe(text);
});
