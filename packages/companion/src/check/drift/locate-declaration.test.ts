import { expect, it } from 'vitest';
import { locateDeclaration } from './locate-declaration.ts';

const CODE = `import { pgTable } from 'drizzle-orm/pg-core';
// pgTable('users', { gone: text('email') })
export const status = pgEnum("status", ['users']);
export const users = pgTable<'users'>(
  'users',
  {
    email: text('email'), // ) not the end
    lastSeen: timestamp(),
    note: text(')'),
    'first_name': text(),
  },
  (t) => [index('email').on(t.email), foreignKey({ columns: [t.email], foreignColumns: [t.email] })],
);
export const posts = billing.table('posts', { email: text('email') });
`;
const SOURCES = [{ file: 'a.ts', text: CODE }];

it.each([
  ['enum', 'status', undefined, 3],
  ['table', 'users', undefined, 4],
  ['table', 'users', 'email', 7],
  ['table', 'users', 'last_seen', 8],
  ['table', 'users', 'first_name', 10],
  ['table', 'users', 'nowhere', 4],
  ['table', 'posts', 'email', 14],
] as const)('%s %s %s stands in line %i', (kind, name, column, line) => {
  expect(locateDeclaration(SOURCES, { kind, name }, column)).toEqual({ file: 'a.ts', line });
});

it('a thing that two calls may have made has no place', () => {
  const two = [...SOURCES, { file: 'b.ts', text: "export const users = other.table('users', {});" }];
  expect(locateDeclaration(two, { kind: 'table', name: 'users' })).toBeNull();
  expect(locateDeclaration(SOURCES, { kind: 'table', name: 'nowhere' })).toBeNull();
  expect(locateDeclaration(SOURCES, { kind: 'view', name: 'users' })).toBeNull();
});
