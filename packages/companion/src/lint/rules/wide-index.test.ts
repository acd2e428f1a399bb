import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { wideIndex as rule } from './wide-index.ts';

test('four columns', async () => {
  const { message, text } = await expectFinding(
    rule,
    'CREATE INDEX "x" ON "a" USING btree ("b","c","d","e");',
  );
  expect(text).toContain('CREATE INDEX "x"');
  expect(message).toContain('x has 4 key columns');
});

test('a limit of the team’s own', async () => {
  await expectFinding(rule, { sql: 'CREATE INDEX ON a (b, c);', options: { columns: 1 } });
});

test('it is off until a team wants it', () => {
  expect(rule.level).toBe('off');
});

test.each([
  ['three columns', 'CREATE INDEX x ON a (b, c, lower(d));'],
  ['a unique index, whose columns are its meaning', 'CREATE UNIQUE INDEX x ON a (b, c, d, e);'],
  ['columns that are only read', 'CREATE INDEX x ON a (b) INCLUDE (c, d, e, f);'],
  ['an access method that searches every column', 'CREATE INDEX x ON a USING gin (b, c, d, e);'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});
