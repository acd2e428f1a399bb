import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { unqualifiedTable as rule } from './unqualified-table.ts';

test('as drizzle-kit writes tables of public', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    'ALTER TABLE "orders" ADD CONSTRAINT "fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id");',
  );
  expect(text).toBe('"orders"');
  expect(message).toContain(
    'orders is written without its schema: which table that is depends on the search_path',
  );
  expect(hint).toContain('Write "public"."orders"');
});

test('once for a statement', async () => {
  const { message } = await expectFinding(
    rule,
    'INSERT INTO a SELECT b FROM c JOIN a USING (b) JOIN d.e USING (b);',
  );
  expect(message).toContain('a and c are written without their schemas');
});

test.each([['DROP TABLE "a";'], ['CREATE INDEX ON a (b);'], ['CREATE VIEW s.v AS SELECT 1 FROM a;']])(
  '%s',
  async (sql) => {
    const { message } = await expectFinding(rule, sql);
    expect(message).toContain('a is written without its schema');
  },
);

test.each([
  ['CREATE TABLE "public"."a" (b int);\nCREATE INDEX i ON public.a (b);\nDROP TABLE billing.a;'],
  ['WITH a AS (SELECT 1 AS b) INSERT INTO public.c SELECT b FROM a;'],
  ['CREATE TEMP TABLE a (b int);\nINSERT INTO a VALUES (1);'],
  ["CREATE TYPE mood AS ENUM ('sad');\nCREATE TYPE pair AS (b int);\nCREATE SEQUENCE s;"],
  ['DROP FUNCTION f;\nDROP INDEX i;'],
  ['SELECT 1;'],
])('silent: %s', async (sql) => {
  await expectClean(rule, sql);
});
