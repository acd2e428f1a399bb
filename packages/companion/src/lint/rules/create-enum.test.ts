import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { createEnum as rule } from './create-enum.ts';

test('as drizzle-kit writes it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'CREATE TYPE "public"."mood" AS ENUM(\'sad\', \'glad\');--> statement-breakpoint\nCREATE TABLE a (b "mood");',
  );
  expect(text).toBe('CREATE TYPE "public"."mood" AS ENUM(\'sad\', \'glad\')');
  expect(message).toContain('PostgreSQL can add values to mood and rename them, but take none away');
  expect(hint).toContain("{ enum: ['sad', 'glad'] }");
});

test.each([
  ["ALTER TYPE mood ADD VALUE 'fine';"],
  ['CREATE TYPE pair AS (a int, b int);'],
  ["CREATE DOMAIN mood AS text CHECK (VALUE IN ('sad', 'glad'));"],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
