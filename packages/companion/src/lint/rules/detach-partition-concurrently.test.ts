import { withDatabase } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { detachPartitionConcurrently as rule } from './detach-partition-concurrently.ts';

const DETACH = 'ALTER TABLE "events" DETACH PARTITION "events_may"';

test('a partition is detached', async () => {
  const { message, text, rewrite, edits } = await expectFinding(rule, `SELECT 1; ${DETACH};`);
  expect(text).toBe(DETACH);
  expect(message).toContain('takes ACCESS EXCLUSIVE on events and events_may');
  expect(rewrite).toEqual([{ title: 'a migration of its own', sql: `${DETACH} CONCURRENTLY;` }]);
  expect(edits).toEqual([]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('where it is all of the migration, the file is mended', async () => {
  await expectFixed(rule, `-- May is over\n${DETACH};\n`, `-- May is over\n${DETACH} CONCURRENTLY;\n`);
});

test('stock drizzle has no place for it', async () => {
  const { rewrite, edits } = await expectFinding(rule, {
    sql: `${DETACH};`,
    settings: { runner: 'drizzle' },
  });
  expect(rewrite?.[0]?.title).toBe('by hand, before the deployment');
  expect(edits).toEqual([]);
});

const EVENTS = 'CREATE TABLE events (at date) PARTITION BY RANGE (at);';

test('CONCURRENTLY beside a default partition is refused by PostgreSQL', async () => {
  const before = [
    `${EVENTS} CREATE TABLE events_may PARTITION OF events FOR VALUES FROM ('2024-05-01') TO ('2024-06-01');`,
    'CREATE TABLE rest PARTITION OF events DEFAULT;',
  ];
  const sql = `${DETACH} CONCURRENTLY;\n`;
  const { message } = await expectFinding(rule, { before, sql });
  expect(message).toContain('rest is the default partition of events');
  await expectFixed(rule, { before, sql }, `${DETACH};\n`);
  await withDatabase(async ({ sql: db }) => {
    for (const one of before) await db.unsafe(one);
    await expect(db.unsafe(`${DETACH} CONCURRENTLY`)).rejects.toMatchObject({ code: '55000' });
    await db.unsafe(DETACH);
  });
});

test.each([
  ['CONCURRENTLY', [], `${DETACH} CONCURRENTLY;`],
  ['FINALIZE', [], `${DETACH} FINALIZE;`],
  [
    'a table of this deployment',
    [],
    `${EVENTS} CREATE TABLE events_may PARTITION OF events DEFAULT; ${DETACH};`,
  ],
  [
    'a default partition, where PostgreSQL refuses CONCURRENTLY',
    [EVENTS, 'CREATE TABLE rest PARTITION OF events DEFAULT;'],
    `${DETACH};`,
  ],
  [
    'a default partition that was attached',
    [EVENTS, 'CREATE TABLE rest (at date);', 'ALTER TABLE events ATTACH PARTITION rest DEFAULT;'],
    `${DETACH};`,
  ],
  ['ATTACH', [], 'ALTER TABLE events ATTACH PARTITION events_may DEFAULT;'],
])('%s', async (_, before, sql) => {
  await expectClean(rule, { before, sql });
});
