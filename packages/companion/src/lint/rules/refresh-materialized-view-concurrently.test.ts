import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { refreshMaterializedViewConcurrently as rule } from './refresh-materialized-view-concurrently.ts';

const VIEW = 'CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id;';
const UNIQUE = 'CREATE UNIQUE INDEX totals_id ON totals (id);';
const EMPTY = 'CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id WITH NO DATA;';

test('a view of which nothing is known', async () => {
  const { message, hint, rewrite, edits } = await expectFinding(rule, 'REFRESH MATERIALIZED VIEW "totals";');
  expect(message).toContain('REFRESH locks totals against reads (ACCESS EXCLUSIVE)');
  expect(hint).toContain('needs a unique index');
  expect(rewrite).toEqual([
    { title: 'once it has a unique index', sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY "totals";' },
  ]);
  expect(edits).toEqual([]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('with a unique index it is mended', async () => {
  await expectFixed(
    rule,
    { before: `${VIEW}\n${UNIQUE}`, sql: 'REFRESH MATERIALIZED VIEW totals;' },
    'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
  );
});

test('CONCURRENTLY without a unique index fails', async () => {
  const { message, hint } = await expectFinding(rule, {
    before: `${VIEW}\nCREATE UNIQUE INDEX x ON totals (id) WHERE id > 0;`,
    sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
  });
  expect(message).toContain('(55000)');
  expect(hint).toBe('Make the unique index first.');
});

test('CONCURRENTLY on a view that was never populated fails', async () => {
  const { message, rewrite } = await expectFinding(
    rule,
    `${EMPTY}\n${UNIQUE}\nREFRESH MATERIALIZED VIEW CONCURRENTLY totals;`,
  );
  expect(message).toContain('totals was never populated');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'REFRESH MATERIALIZED VIEW totals;' }]);
});

test('WITH NO DATA takes the rows away', async () => {
  const { message } = await expectFinding(rule, {
    before: VIEW,
    sql: 'REFRESH MATERIALIZED VIEW totals WITH NO DATA;',
  });
  expect(message).toContain('every query that reads it fails (55000)');
});

test.each([
  ['a view made in this deployment', [VIEW, 'REFRESH MATERIALIZED VIEW totals;']],
  ['its first filling', { before: EMPTY, sql: 'REFRESH MATERIALIZED VIEW totals;' }],
  [
    'CONCURRENTLY with a unique index',
    { before: `${VIEW}\n${UNIQUE}`, sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;' },
  ],
  [
    'CONCURRENTLY once it was filled',
    {
      before: `${EMPTY}\n${UNIQUE}\nREFRESH MATERIALIZED VIEW totals;`,
      sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;',
    },
  ],
  ['CONCURRENTLY where nothing is known', 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;'],
  ['a small one', { sql: 'REFRESH MATERIALIZED VIEW totals;', settings: { smallTables: ['totals'] } }],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
