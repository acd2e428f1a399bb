import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { transactionControl as rule } from './transaction-control.ts';

const STOCK = { runner: 'drizzle' } as const;

describe('the COMMIT that teams write before CONCURRENTLY', () => {
  const sql =
    'COMMIT;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY "orders_paid_at" ON "orders" ("paid_at");\n';

  test('is not needed here, and deleted', async () => {
    const { text, message, hint } = await expectFinding(rule, sql);
    expect(text).toBe('COMMIT');
    expect(message).toContain('runs the statement behind it without a transaction');
    expect(hint).toContain(
      'CREATE INDEX CONCURRENTLY makes drizzle-companion run the file without a transaction',
    );
    await expectFixed(rule, sql, 'CREATE INDEX CONCURRENTLY "orders_paid_at" ON "orders" ("paid_at");\n');
  });

  test('with the BEGIN that follows it', async () => {
    await expectFixed(
      rule,
      '-- see the runbook\nCOMMIT;\nCREATE INDEX CONCURRENTLY a_b ON a (b);--> statement-breakpoint\nBEGIN;\n',
      '-- see the runbook\nCREATE INDEX CONCURRENTLY a_b ON a (b);\n',
    );
  });

  test('behind one statement', async () => {
    await expectFixed(
      rule,
      'ALTER TABLE a ADD COLUMN b int;\nEND;\nCREATE INDEX CONCURRENTLY a_b ON a (b);',
      'ALTER TABLE a ADD COLUMN b int;\nCREATE INDEX CONCURRENTLY a_b ON a (b);',
    );
  });

  test('behind two statements it holds them together, and the index moves out', async () => {
    const found = await expectFinding(
      rule,
      'ALTER TABLE a ADD COLUMN b int;--> statement-breakpoint\nALTER TABLE a ADD COLUMN c int;--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY a_b ON a (b);',
    );
    expect(found.edits).toEqual([]);
    expect(found.hint).toContain('to a migration of its own');
    expect(found.rewrite).toEqual([
      {
        title: 'this migration',
        sql: 'ALTER TABLE a ADD COLUMN b int;--> statement-breakpoint\nALTER TABLE a ADD COLUMN c int;',
      },
      { title: 'a migration after it', sql: 'CREATE INDEX CONCURRENTLY a_b ON a (b);' },
    ]);
    for (const { sql: part } of found.rewrite ?? []) await expectClean(rule, part);
  });

  test('stock drizzle can do without it in no way', async () => {
    const { message, hint, edits, rewrite } = await expectFinding(rule, { sql, settings: STOCK });
    expect(message).toContain('ends the one transaction of all pending migrations');
    expect(hint).toContain('`drizzle-companion migrate`');
    expect(edits).toEqual([]);
    expect(rewrite).toBeUndefined();
  });
});

test('a COMMIT at the end says what happens anyway', async () => {
  const { message } = await expectFinding(rule, 'CREATE TABLE a ();\nCOMMIT;\n');
  expect(message).toContain('would have committed here anyway');
  await expectFixed(rule, 'CREATE TABLE a ();\nCOMMIT;\n', 'CREATE TABLE a ();\n');
  await expectFixed(
    rule,
    { sql: 'CREATE TABLE a ();--> statement-breakpoint\nCOMMIT;', settings: STOCK },
    'CREATE TABLE a ();',
  );
});

test('a COMMIT between two halves makes two migrations', async () => {
  const { rewrite, edits, hint } = await expectFinding(
    rule,
    "ALTER TYPE mood ADD VALUE 'sad';\nCOMMIT;\nUPDATE people SET mood = 'sad' WHERE mood IS NULL;",
  );
  expect(rewrite).toEqual([
    { title: 'this migration', sql: "ALTER TYPE mood ADD VALUE 'sad';" },
    { title: 'a migration after it', sql: "UPDATE people SET mood = 'sad' WHERE mood IS NULL;" },
  ]);
  expect(edits).toEqual([]);
  expect(hint).toContain('a migration of its own');
});

test('a COMMIT before everything is the directive', async () => {
  await expectFixed(
    rule,
    'COMMIT;--> statement-breakpoint\nCALL fill();',
    '-- drizzle-companion: no-transaction\nCALL fill();',
  );
});

test('ROLLBACK undoes work that is recorded as done', async () => {
  const sql = 'CREATE TABLE a ();\nROLLBACK;\nCREATE TABLE b ();';
  const { text, message, edits } = await expectFinding(rule, sql);
  expect(text).toBe('ROLLBACK');
  expect(message).toContain('recorded as applied all the same');
  expect(edits).toEqual([]);
  const stock = await expectFinding(rule, { sql, settings: STOCK });
  expect(stock.message).toContain('and their ledger rows with them');
});

test('ABORT is ROLLBACK by another name', async () => {
  const { message } = await expectFinding(rule, 'CREATE TABLE a ();\nABORT;');
  expect(message).toContain('ABORT undoes');
});

test('a COMMIT in a file that runs without a transaction does nothing', async () => {
  const { message } = await expectFinding(rule, '-- drizzle-companion: no-transaction\nVACUUM a;\nCOMMIT;');
  expect(message).toContain('finds no transaction open');
});

test.each([
  ['no transaction control', 'CREATE TABLE a ();--> statement-breakpoint\nCREATE INDEX ON a ((1));'],
  ['CONCURRENTLY by itself', 'CREATE INDEX CONCURRENTLY a_b ON a (b);'],
  ['savepoints', 'SAVEPOINT s;\nUPDATE a SET b = 1 WHERE c;\nROLLBACK TO s;\nRELEASE s;'],
  ['BEGIN and COMMIT, which another rule knows better', 'BEGIN;\nCREATE TABLE a ();\nCOMMIT;'],
  [
    'a transaction of its own in a file that runs without one',
    '-- drizzle-companion: no-transaction\nBEGIN;\nUPDATE a SET b = 1 WHERE c;\nUPDATE d SET b = 1 WHERE c;\nCOMMIT;\nVACUUM a;',
  ],
  [
    'a function that is only named so',
    'CREATE FUNCTION "commit"() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
  ],
  ['ON COMMIT', 'CREATE TEMP TABLE a (b int) ON COMMIT DROP;'],
  ['the body of a block', 'DO $$ BEGIN PERFORM 1; END $$;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});
