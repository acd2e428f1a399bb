import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { concurrentlyInTransaction as rule } from './concurrently-in-transaction.ts';

const drizzle = { runner: 'drizzle' } as const;

test('between BEGIN and COMMIT of the file', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a ADD COLUMN b int;\nCOMMIT;\nBEGIN;\nCREATE INDEX CONCURRENTLY x ON a (b);\nCOMMIT;',
  );
  expect(text).toBe('CREATE INDEX CONCURRENTLY x ON a (b)');
  expect(message).toBe(
    'CREATE INDEX CONCURRENTLY cannot run inside a transaction (25001), and the file opens one in line 3. The migration fails here.',
  );
  expect(rewrite).toEqual([
    { title: 'a migration of its own', sql: 'CREATE INDEX CONCURRENTLY x ON a (b);' },
  ]);
  await expectClean(rule, rewrite?.[0]?.sql ?? '');
});

test('before the COMMIT of a file that begins inside a transaction', async () => {
  const { message } = await expectFinding(rule, 'DROP INDEX CONCURRENTLY x;\nCOMMIT;');
  expect(message).toContain('begins inside one, as under stock drizzle');
});

test.each([
  'VACUUM a;',
  'REINDEX TABLE CONCURRENTLY a;',
  'ALTER TABLE a DETACH PARTITION a1 CONCURRENTLY;',
  'ALTER SYSTEM SET work_mem = 1;',
])('BEGIN; %s', async (sql) => {
  const { text } = await expectFinding(rule, `BEGIN;\n${sql}\nCOMMIT;`);
  expect(`${text};`).toBe(sql);
});

test('under stock drizzle, which opens one for everything', async () => {
  const { message, hint, rewrite } = await expectFinding(rule, {
    sql: 'CREATE INDEX CONCURRENTLY "x" ON "a" ("b");',
    settings: drizzle,
  });
  expect(message).toContain('stock drizzle runs all pending migrations in one.');
  expect(hint).toContain('drizzle-companion migrate');
  expect(rewrite?.[0]?.title).toBe('by hand, before the deployment');
});

test('under stock drizzle, sent together with the COMMIT before it', async () => {
  await expectFinding(rule, {
    sql: 'COMMIT;\nCREATE INDEX CONCURRENTLY x ON a (b);',
    settings: drizzle,
  });
});

test('inside a DO block', async () => {
  const { message } = await expectFinding(rule, 'DO $$ BEGIN CREATE INDEX CONCURRENTLY x ON a (b); END $$;');
  expect(message).toContain('cannot run inside a DO block (25001)');
});

test('REINDEX of a partitioned table, which the file does not show', async () => {
  const before = 'CREATE TABLE a (b int) PARTITION BY RANGE (b);\nCREATE INDEX x ON a (b);';
  const [table, index] = await expectFindings(rule, { before, sql: 'REINDEX TABLE a;\nREINDEX INDEX x;' });
  expect(table?.message).toContain('REINDEX of a partitioned table cannot run inside a transaction (25001)');
  expect(table?.message).toContain('this migration runs in one.');
  expect(index?.rewrite?.[0]?.sql).toBe('-- drizzle-companion: no-transaction\nREINDEX INDEX x;');
  await expectClean(rule, { before, sql: index?.rewrite?.[0]?.sql ?? '' });
});

test.each([
  ['a file that has nothing else', 'CREATE INDEX CONCURRENTLY x ON a (b);'],
  ['beside others, which lose their transaction', 'CREATE INDEX CONCURRENTLY x ON a (b);\nSELECT 1;'],
  ['behind the COMMIT of the file', 'SELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY x ON a (b);'],
  ['behind BEGIN and COMMIT', 'BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM a;'],
  ['under the directive', '-- drizzle-companion: no-transaction\nVACUUM a;'],
  ['without CONCURRENTLY', 'BEGIN;\nCREATE INDEX x ON a (b);\nREINDEX TABLE a;\nDROP INDEX x;\nCOMMIT;'],
  [
    'in drizzle after a COMMIT, sent by itself',
    {
      sql: 'SELECT 1;\nCOMMIT;\n--> statement-breakpoint\nCREATE INDEX CONCURRENTLY x ON a (b);\n--> statement-breakpoint\nBEGIN;',
      settings: drizzle,
    },
  ],
  [
    'in drizzle after the COMMIT of an earlier migration',
    { sql: ['COMMIT;', 'CREATE INDEX CONCURRENTLY x ON a (b);'], settings: drizzle },
  ],
  ['in drizzle, ANALYZE', { sql: 'ANALYZE a;', settings: drizzle }],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
