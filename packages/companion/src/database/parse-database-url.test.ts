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
  ['postgres://u@a:1,b:2/d', { url: 'postgres://u@a:1,b:2/d', options: {} }],
])('reads %s', (url, target) => {
  expect(parseDatabaseUrl(url)).toEqual(target);
});
