import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { exclusionConstraint as rule } from './exclusion-constraint.ts';

test('on a table that is there', async () => {
  const { message, text, hint, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE "bookings" ADD CONSTRAINT "no_overlap" EXCLUDE USING gist (during WITH &&);',
  );
  expect(text).toContain('ALTER TABLE "bookings"');
  expect(message).toContain(
    'an exclusion constraint locks bookings against reads and writes (ACCESS EXCLUSIVE)',
  );
  expect(hint).toContain('no such index concurrently');
  expect(rewrite).toBeUndefined();
});

test('a key WITHOUT OVERLAPS is one by another name', async () => {
  const { message } = await expectFinding(rule, {
    sql: 'ALTER TABLE bookings ADD PRIMARY KEY (room, during WITHOUT OVERLAPS);',
    settings: { postgresVersion: 18 },
  });
  expect(message).toContain('a key WITHOUT OVERLAPS locks bookings');
});

test.each([
  ['in CREATE TABLE', 'CREATE TABLE a (during tsrange, EXCLUDE USING gist (during WITH &&));'],
  [
    'on a table made in this deployment',
    ['CREATE TABLE a (during tsrange);', 'ALTER TABLE a ADD EXCLUDE USING gist (during WITH &&);'],
  ],
  [
    'on a temporary table',
    'CREATE TEMP TABLE a (during tsrange);\nALTER TABLE a ADD EXCLUDE USING gist (during WITH &&);',
  ],
  ['other constraints', 'ALTER TABLE a ADD UNIQUE (b), ADD CHECK (c > 0), ADD PRIMARY KEY (d);'],
  [
    'on a small table',
    {
      sql: 'ALTER TABLE a ADD EXCLUDE USING gist (during WITH &&);',
      settings: { smallTables: ['a'] },
    },
  ],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
