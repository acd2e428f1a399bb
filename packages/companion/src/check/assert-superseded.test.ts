import { expect, test } from 'vitest';
import { NO_COMPANION_CONFIG } from '../settings/companion-config.ts';
import { assertSuperseded } from './assert-superseded.ts';

const migration = (name: string, when: number) => ({
  name,
  when,
  hash: '',
  sql: '',
  file: `/repo/${name}.sql`,
});
const NAMES = {
  migrations: [migration('0001_users', 1), migration('0003_users_again', 3)],
  missing: [{ name: '0002_gone', when: 2 }],
  files: ['0001_users.sql', '0003_users_again.sql', 'orphan.sql'],
};

const judge = (entries: readonly (readonly [string, string])[]) => () =>
  assertSuperseded(
    { ...NO_COMPANION_CONFIG, file: '/repo/drizzle-companion.config.ts', supersededBy: new Map(entries) },
    NAMES,
  );

test('a migration, one whose file is missing and a file beside the journal may be superseded', () => {
  expect(
    judge([
      ['0001_users', '0003_users_again'],
      ['0002_gone', '0003_users_again'],
      ['orphan', '0003_users_again'],
    ]),
  ).not.toThrow();
});

test('a name that nobody knows is refused, with the nearest one', () => {
  expect(judge([['0001_user', '0003_users_again']])).toThrow(
    'drizzle-companion.config.ts: supersededBy["0001_user"]: neither journal nor folder knows 0001_user; did you mean 0001_users?',
  );
});

test('the later one must be there, and be later', () => {
  expect(judge([['0001_users', '0002_gone']])).toThrow('there is no migration 0002_gone');
  expect(judge([['0003_users_again', '0001_users']])).toThrow(
    '0001_users does not come after 0003_users_again',
  );
});
