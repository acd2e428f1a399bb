import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test.each([
  ['postgres://app:secret@db:5432/acme', 'postgres://app:***@db:5432/acme'],
  ['at "postgresql://app:s3:cr@et/x@db/acme", twice', 'at "postgresql://app:***@db/acme", twice'],
  ['postgres://:secret@db/acme', 'postgres://:***@db/acme'],
  ['postgres://db/acme?user=a&password=secret&x=1', 'postgres://db/acme?user=a&password=***&x=1'],
  ['host=db password=secret user=a', 'host=db password=*** user=a'],
  ["password='se cret' user=a", 'password=*** user=a'],
])('%s', (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test.each([
  'postgres://app@db:5432/acme',
  'https://example.org:8080/a',
  'password authentication failed for user "app"',
  '0003_sessions.sql:3:14',
])('%s holds no password', (text) => {
  expect(redact(text)).toBe(text);
});
