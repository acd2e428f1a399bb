import { expect, test } from 'vitest';
import { mask } from './mask.ts';

test.each([
  ['done in 12 ms', 'done in <duration>'],
  ['done in 1.25s (3 statements)', 'done in <duration> (3 statements)'],
  ['{"durationMs":12.5,"rows":3}', '{"durationMs":<ms>,"rows":3}'],
  ['at 2026-03-01T10:00:00.123Z', 'at <time>'],
  ['since 2026-03-01 10:00:00+00', 'since <time>'],
  ['127.0.0.1:54321/app', '127.0.0.1:<port>/app'],
  ['"port": 54321', '"port": <port>'],
  ['held by pid 4711', 'held by pid <pid>'],
  ['/tmp/companion-test-x1Y2z3/0000_init.sql:3:1', '<path>:3:1'],
  ['/var/folders/zz/T/companion-test-x/0000.sql', '<path>'],
  [`hash ${'ab12'.repeat(16)}`, 'hash <hash>'],
  ['in database t_0123456789ab', 'in database <database>'],
])('%s', (text, masked) => {
  expect(mask(text)).toBe(masked);
});

test('names, line numbers and counts stay', () => {
  const text = '0007_add_groups.sql:12:3 · 3 migrations, 14 statements, SQLSTATE 42P07, PostgreSQL 18';
  expect(mask(text)).toBe(text);
});
