import { expect, it } from 'vitest';
import { parseDatabaseUrl } from './parse-database-url.ts';

it.each([
  ['postgres://u:p@h:5432/d', { url: 'postgres://u:p@h:5432/d', options: {} }],
  ['postgres://u@h/my%20db', { url: 'postgres://u@h/my%20db', options: { database: 'my db' } }],
  ['postgres://u@%2Frun%2Fpg/d', { url: 'postgres://u@%2Frun%2Fpg/d', options: { host: '/run/pg' } }],
  ['postgres://u@/d?host=/run/pg', { url: 'postgres://u@/d', options: { host: '/run/pg' } }],
  [
    'postgres://u@h/d?sslmode=require&channel_binding=require',
    { url: 'postgres://u@h/d?sslmode=require', options: {} },
  ],
  ['postgres://u@h/d?schema=public&pgbouncer=true', { url: 'postgres://u@h/d', options: {} }],
  ['postgres://u@h/d?keepalives=1&keepalives_idle=30', { url: 'postgres://u@h/d', options: {} }],
  [
    'postgres://u@h/d?search_path=app&application_name=me',
    { url: 'postgres://u@h/d?search_path=app&application_name=me', options: {} },
  ],
  ['postgres://u@h/d?sslrootcert=system', { url: 'postgres://u@h/d?sslrootcert=system', options: {} }],
  ['postgres://u@a:1,b:2/d', { url: 'postgres://u@a:1,b:2/d', options: {} }],
])('reads %s', (url, target) => {
  expect(parseDatabaseUrl(url)).toEqual({ ...target, tls: null });
});

it.each([
  ['sslmode=verify-full&sslrootcert=/ca.pem', { ca: '/ca.pem', verify: 'chain-and-name' }],
  ['sslmode=verify-ca&sslrootcert=/ca.pem', { ca: '/ca.pem', verify: 'chain' }],
  ['sslmode=require&sslcert=/c.pem&sslkey=/k.pem', { cert: '/c.pem', key: '/k.pem', verify: 'nothing' }],
  ['sslmode=disable&sslrootcert=/ca.pem', null],
])('takes the TLS files of %s', (search, tls) => {
  const target = parseDatabaseUrl(`postgres://u@h/d?${search}`);
  expect(target.tls).toEqual(tls);
  if (tls !== null) expect(target.url).toBe('postgres://u@h/d');
});
