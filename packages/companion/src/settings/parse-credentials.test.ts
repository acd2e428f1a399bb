import { expect, test } from 'vitest';
import { parseCredentials } from './parse-credentials.ts';

const parts = { host: 'db.internal', database: 'acme' };

test.each([
  ['a url as it is', { url: 'postgres://u:p@h/db' }, 'postgres://u:p@h/db'],
  ['host and database', parts, 'postgres://db.internal/acme'],
  [
    'everything, with what a URL would misread encoded',
    { ...parts, port: 5433, user: 'a@b', password: 'p/a:s#s%', database: 'my db' },
    'postgres://a%40b:p%2Fa%3As%23s%25@db.internal:5433/my%20db',
  ],
  ['a port made of digits', { ...parts, port: '6432' }, 'postgres://db.internal:6432/acme'],
  ['a password alone', { ...parts, password: 'x' }, 'postgres://:x@db.internal/acme'],
  ['an IPv6 address', { ...parts, host: '::1' }, 'postgres://[::1]/acme'],
  ['a socket', { ...parts, host: '/run/postgresql' }, 'postgres://%2Frun%2Fpostgresql/acme'],
  ['ssl: true verifies', { ...parts, ssl: true }, 'postgres://db.internal/acme?sslmode=verify-full'],
  ['ssl: false', { ...parts, ssl: false }, 'postgres://db.internal/acme?sslmode=disable'],
  ['ssl: require', { ...parts, ssl: 'require' }, 'postgres://db.internal/acme?sslmode=require'],
  [
    'ssl: no verification',
    { ...parts, ssl: { rejectUnauthorized: false, ca: 'x' } },
    'postgres://db.internal/acme?sslmode=require',
  ],
  ['ssl: an object', { ...parts, ssl: {} }, 'postgres://db.internal/acme?sslmode=verify-full'],
])('%s', (_, value, url) => {
  expect(parseCredentials(value, 'config')).toEqual({ url });
});

test.each([
  ['text', 'config: must be an object'],
  [{ url: 5 }, 'config.url: must be a string'],
  [{ host: 'h', database: 'd', port: 70_000 }, 'config.port: must be a number from 1 to 65535'],
  [{ host: 'h', database: 'd', user: 5 }, 'config.user: must be a string'],
  [{ host: 'h', database: 'd', ssl: { ca: '---' } }, 'config.ssl: ca cannot be carried over'],
])('%o is refused', (value, fault) => {
  const parsed = parseCredentials(value, 'config');
  expect('faults' in parsed && parsed.faults.map(({ source, message }) => `${source}: ${message}`)).toEqual([
    fault,
  ]);
});
