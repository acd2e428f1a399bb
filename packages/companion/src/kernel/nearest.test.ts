import { expect, test } from 'vitest';
import { findNearest } from './nearest.ts';

const flags = ['--plan', '--wait', '--lock-wait', '--statement-timeout', '--quiet'];

test.each([
  ['--plna', '--plan'],
  ['--statment-timeout', '--statement-timeout'],
  ['--statement', '--statement-timeout'],
  ['--lockwait', '--lock-wait'],
  ['--QUIET', '--quiet'],
])('%s meant %s', (typed, meant) => {
  expect(findNearest(typed, flags)).toBe(meant);
});

test.each(['--zzzz', 'x', ''])('%j is near to nothing', (typed) => {
  expect(findNearest(typed, flags)).toBeNull();
});
