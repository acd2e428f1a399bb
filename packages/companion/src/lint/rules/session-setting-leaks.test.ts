import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { sessionSettingLeaks as rule } from './session-setting-leaks.ts';

const STOCK = { runner: 'drizzle' } as const;

test('SET becomes SET LOCAL', async () => {
  const { text, message, hint, rewrite } = await expectFinding(
    rule,
    'CREATE SCHEMA "billing";--> statement-breakpoint\nSET search_path TO "billing";',
  );
  expect(text).toBe('SET search_path TO "billing"');
  expect(message).toBe(
    'search_path stays set as this migration leaves it, for the migrations behind this one when they are deployed together with it, and not when they are deployed later: the same files then do different things. Names without a schema are then looked for elsewhere: drizzle-kit writes none for public.',
  );
  expect(hint).toBe('SET LOCAL ends with the transaction.');
  expect(rewrite).toEqual([{ title: 'this migration', sql: 'SET LOCAL search_path TO "billing";' }]);
});

test.each([
  ["SET SESSION timezone = 'UTC';", "SET LOCAL timezone = 'UTC';"],
  ["SET TIME ZONE 'UTC';", "SET LOCAL TIME ZONE 'UTC';"],
  ["SET app.tenant = '1';", "SET LOCAL app.tenant = '1';"],
  ["SELECT set_config('app.tenant', '1', false);", "SELECT set_config('app.tenant', '1', true);"],
  ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;', 'SET TRANSACTION READ WRITE;'],
  ["SET SCHEMA 'billing';", "SET LOCAL SCHEMA 'billing';"],
])('%s', async (sql, fixed) => {
  await expectFixed(rule, sql, fixed);
});

test("pg_dump's preamble is one finding", async () => {
  const preamble = (check: string, path: string, rows: string) => `SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', ${path});
${check} check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
${rows} row_security = off;

SET default_tablespace = '';
SET default_table_access_method = heap;

CREATE TABLE public.a (b integer);
`;
  const { message } = await expectFinding(rule, preamble('SET', 'false', 'SET'));
  expect(message).toContain('search_path, check_function_bodies and row_security stay set');
  await expectFixed(rule, preamble('SET', 'false', 'SET'), preamble('SET LOCAL', 'true', 'SET LOCAL'));
});

test('a role is given back before the ledger row is written', async () => {
  const { message } = await expectFinding(rule, 'SET ROLE owner;\nCREATE TABLE a ();');
  expect(message).toContain('The ledger row of this migration is written by that role, too');
  await expectFixed(
    rule,
    'SET ROLE owner;\nCREATE TABLE a ();\n',
    'SET ROLE owner;\nCREATE TABLE a ();--> statement-breakpoint\nRESET ROLE;\n',
  );
  await expectFixed(
    rule,
    'SET SESSION AUTHORIZATION owner;\nCREATE TABLE a ()',
    'SET SESSION AUTHORIZATION owner;\nCREATE TABLE a ();--> statement-breakpoint\nRESET SESSION AUTHORIZATION;',
  );
});

test('without a transaction LOCAL would do nothing', async () => {
  await expectFixed(
    rule,
    "SET maintenance_work_mem = '1GB';\nCREATE INDEX CONCURRENTLY a_b ON a (b);\n",
    "SET maintenance_work_mem = '1GB';\nCREATE INDEX CONCURRENTLY a_b ON a (b);--> statement-breakpoint\nRESET maintenance_work_mem;\n",
  );
});

test('the characteristics of transactions are three settings', async () => {
  await expectFixed(
    rule,
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;\nVACUUM a;',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;\nVACUUM a;--> statement-breakpoint\nRESET default_transaction_isolation;--> statement-breakpoint\nRESET default_transaction_read_only;--> statement-breakpoint\nRESET default_transaction_deferrable;',
  );
});

test('stock drizzle: LOCAL lasts for all files, and time-outs reach the pool', async () => {
  const { message, hint } = await expectFinding(rule, {
    sql: "SET lock_timeout = '1s';\nCREATE TABLE a ();",
    settings: STOCK,
  });
  expect(message).toContain('lock_timeout stays set');
  expect(message).toContain('the pool of the application');
  expect(hint).toContain('RESET');
  await expectFixed(
    rule,
    { sql: 'SET LOCAL search_path = billing;', settings: STOCK },
    'SET LOCAL search_path = billing;--> statement-breakpoint\nRESET search_path;',
  );
});

test('stock drizzle: a time-out that the file sets back', async () => {
  await expectClean(rule, {
    sql: "COMMIT;\nSET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON a (b);\nSET lock_timeout = '5s';",
    settings: STOCK,
  });
});

test('inside a block it is told, and not mended', async () => {
  const { edits } = await expectFinding(rule, "DO $$ BEGIN SET search_path = 'billing'; END $$;");
  expect(edits).toEqual([]);
});

test('only what is set again after RESET ALL', async () => {
  const { message } = await expectFinding(rule, "SET timezone = 'UTC';\nRESET ALL;\nSET datestyle = 'ISO';");
  expect(message).toContain('datestyle stays set');
});

test.each([
  ['LOCAL', 'SET LOCAL search_path = billing;\nCREATE TABLE a ();'],
  ['LOCAL by set_config', "SELECT set_config('search_path', 'billing', true);"],
  ['what is computed', "SELECT set_config('search_path', 'billing', b) FROM a;"],
  ['RESET later', 'SET search_path = billing;\nCREATE TABLE a ();\nRESET search_path;'],
  ['SET … TO DEFAULT later', 'SET search_path = billing;\nCREATE TABLE a ();\nSET search_path TO DEFAULT;'],
  [
    'back to what it is by default',
    'SET search_path = billing;\nCREATE TABLE a ();\nSET search_path = "$user", public;',
  ],
  ['RESET ALL later', "SET timezone = 'UTC';\nRESET ALL;"],
  ['a role that is given back', 'SET ROLE owner;\nCREATE TABLE a ();\nRESET ROLE;'],
  ['SET ROLE NONE', 'SET ROLE owner;\nCREATE TABLE a ();\nSET ROLE NONE;'],
  [
    'time-outs, which the runner sets anew',
    "SET lock_timeout = '1s';\nSET statement_timeout = '1h';\nSELECT 1;",
  ],
  ['the transaction alone', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;'],
  ['constraints', 'SET CONSTRAINTS ALL DEFERRED;'],
  [
    "a function's own setting",
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = billing AS $$ SELECT 1 $$;',
  ],
  ["a role's own setting", 'ALTER ROLE app SET search_path = billing;'],
  ['a column of that name', 'UPDATE a SET search_path = 1 WHERE b;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('several of them are told in one sentence', async () => {
  const { message } = await expectFinding(
    rule,
    'SET ROLE a; SET SESSION AUTHORIZATION b; SET search_path = c;',
  );
  expect(message).toContain("The role, the session's user and search_path stay set");
});
