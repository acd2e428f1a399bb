import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { missingStatementBreakpoint as rule } from './missing-statement-breakpoint.ts';

test('one finding for the file, at the first statement that has none before it', async () => {
  const sql =
    'CREATE TABLE a ();--> statement-breakpoint\nCREATE TABLE b ();\nCREATE TABLE c ();\nCREATE TABLE d ();\n';
  const { text, message } = await expectFinding(rule, sql);
  expect(text).toBe('CREATE TABLE c ()');
  expect(message).toContain('2 statements stand behind another without');
  expect(message).toContain('sends each alone');
  expect(message).toContain('42601');
  await expectFixed(
    rule,
    sql,
    'CREATE TABLE a ();--> statement-breakpoint\nCREATE TABLE b ();--> statement-breakpoint\nCREATE TABLE c ();--> statement-breakpoint\nCREATE TABLE d ();\n',
  );
});

test('on one line', async () => {
  await expectFixed(rule, 'SELECT 1; SELECT 2;', 'SELECT 1;--> statement-breakpoint\nSELECT 2;');
});

test('a remark stays with its statement', async () => {
  await expectFixed(
    rule,
    'SELECT 1; -- one\n-- two\nSELECT 2;',
    'SELECT 1; -- one\n--> statement-breakpoint\n-- two\nSELECT 2;',
  );
  await expectFixed(
    rule,
    'SELECT 1; /* two\n lines */ SELECT 2;',
    'SELECT 1;--> statement-breakpoint\n/* two\n lines */ SELECT 2;',
  );
});

test('lines that end with CRLF', async () => {
  await expectFixed(
    rule,
    'SELECT 1; -- one\r\nSELECT 2;\r\nSELECT 3;\r\n',
    'SELECT 1; -- one\r\n--> statement-breakpoint\r\nSELECT 2;--> statement-breakpoint\r\nSELECT 3;\r\n',
  );
});

test('letters of several bytes before it', async () => {
  await expectFixed(rule, "SELECT 'é🙂';\nSELECT 2;", "SELECT 'é🙂';--> statement-breakpoint\nSELECT 2;");
});

test('stock drizzle', async () => {
  const { message } = await expectFinding(rule, {
    sql: 'SELECT 1; SELECT 2;',
    settings: { runner: 'drizzle' },
  });
  expect(message).not.toContain('drizzle-companion');
});

test.each([
  ['one statement', 'CREATE TABLE a ();'],
  ['one statement with remarks', '-- one\nCREATE TABLE a (); -- two\n'],
  [
    "drizzle-kit's own",
    'CREATE TABLE "a" ();\n--> statement-breakpoint\nCREATE TABLE "b" ();--> statement-breakpoint\nCREATE TABLE "c" ();',
  ],
  ['a block with several statements', 'DO $$ BEGIN CREATE TABLE a (); CREATE TABLE b (); END $$;'],
  [
    'a routine with several statements',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;',
  ],
  ['a semicolon in a text', "INSERT INTO a VALUES ('b; c');"],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});
