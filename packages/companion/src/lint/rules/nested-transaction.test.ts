import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { nestedTransaction as rule } from './nested-transaction.ts';

const STOCK = { runner: 'drizzle' } as const;

test('BEGIN and COMMIT around the file are deleted', async () => {
  const sql = 'BEGIN;\n\nCREATE TABLE "a" ("b" int);\nCREATE INDEX ON "a" ("b");\n\nCOMMIT;\n';
  const { text, message, hint } = await expectFinding(rule, sql);
  expect(text).toBe('BEGIN');
  expect(message).toBe(
    "The runner has begun a transaction before this BEGIN: PostgreSQL warns, and begins nothing. The COMMIT on line 6 ends the runner's transaction; as nothing follows, drizzle-companion takes the two as if they were not there. Under stock drizzle what follows, later files among it, would commit statement by statement.",
  );
  expect(hint).toContain('Delete both');
  await expectFixed(rule, sql, '\nCREATE TABLE "a" ("b" int);\nCREATE INDEX ON "a" ("b");\n\n');
});

test("with drizzle-kit's breakpoints", async () => {
  await expectFixed(
    rule,
    {
      sql: 'START TRANSACTION;--> statement-breakpoint\nCREATE TABLE a ();--> statement-breakpoint\nEND;',
      settings: STOCK,
    },
    'CREATE TABLE a ();',
  );
});

test('around nothing', async () => {
  await expectFixed(rule, 'BEGIN;--> statement-breakpoint\nCOMMIT;', '');
});

test('an isolation level is asked for without BEGIN', async () => {
  const sql = 'BEGIN ISOLATION LEVEL SERIALIZABLE, READ WRITE;\nUPDATE a SET b = 1 WHERE c;\nCOMMIT;\n';
  const { hint } = await expectFinding(rule, sql);
  expect(hint).toContain('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE as the first statement');
  await expectFixed(
    rule,
    sql,
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE;\nUPDATE a SET b = 1 WHERE c;\n',
  );
});

test('what stands behind the COMMIT is no longer in a transaction with the rest', async () => {
  const { message, hint, edits } = await expectFinding(
    rule,
    'BEGIN WORK;\nCREATE TABLE a ();\nCOMMIT;\nCREATE TABLE b ();',
  );
  expect(message).toContain('what stands behind it commits by itself');
  expect(hint).toContain('Make a migration of each part');
  expect(edits).toEqual([]);
});

test('BEGIN without an end', async () => {
  const { message } = await expectFinding(rule, 'BEGIN;\nCREATE TABLE a ();\n');
  expect(message).toContain('Nothing in the file ends it, so the runner does.');
  await expectFixed(rule, 'BEGIN;\nCREATE TABLE a ();\n', 'CREATE TABLE a ();\n');
});

test('BEGIN in a transaction of the file', async () => {
  const { message } = await expectFinding(
    rule,
    '-- drizzle-companion: no-transaction\nBEGIN;\nBEGIN;\nCREATE TABLE a ();\nCOMMIT;',
  );
  expect(message).toContain('A transaction is open before this BEGIN');
});

test.each([
  ['no transaction control', 'CREATE TABLE a ();'],
  ['a block of PL/pgSQL', 'DO $$ BEGIN CREATE TABLE a (); END $$;'],
  ['a routine in SQL', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;'],
  ['a column of that name', 'CREATE TABLE a ("begin" date, "end" date);'],
  ['BEGIN behind COMMIT begins', 'COMMIT;\nVACUUM a;\nBEGIN;\nUPDATE a SET b = 1 WHERE c;\nCOMMIT;'],
  [
    'a file that runs without a transaction',
    '-- drizzle-companion: no-transaction\nBEGIN;\nUPDATE a SET b = 1 WHERE c;\nCOMMIT;',
  ],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('stock drizzle knows no directive', async () => {
  const sql = '-- drizzle-companion: no-transaction\nBEGIN;\nUPDATE a SET b = 1 WHERE c;\nCOMMIT;';
  const { message } = await expectFinding(rule, { sql, settings: STOCK });
  expect(message).toContain('ends the one transaction in which stock drizzle runs all pending migrations');
});
