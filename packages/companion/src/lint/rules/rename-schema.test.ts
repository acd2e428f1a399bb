import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { renameSchema as rule } from './rename-schema.ts';
import { renameTable } from './rename-table.ts';

test('a schema with tables', async () => {
  const before = 'CREATE SCHEMA "billing";\nCREATE TABLE "billing"."plans" ("id" int);';
  const { message, rewrite } = await expectFinding(rule, {
    before,
    sql: 'ALTER SCHEMA "billing" RENAME TO "sales";',
  });
  expect(message).toContain('there is no schema billing');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'CREATE SCHEMA "sales";--> statement-breakpoint\nALTER TABLE "billing"."plans" SET SCHEMA "sales";--> statement-breakpoint\nCREATE VIEW "billing"."plans" AS SELECT * FROM "sales"."plans";',
    },
    { title: 'a later deployment', sql: 'DROP VIEW "billing"."plans";' },
  ]);
  for (const { sql } of rewrite ?? []) {
    await expectClean(rule, { before, sql });
    await expectClean(renameTable, { before, sql });
  }
});

test('a schema that nothing is known of', async () => {
  const { rewrite } = await expectFinding(rule, 'ALTER SCHEMA a RENAME TO b;');
  expect(rewrite).toBeUndefined();
});

test.each([
  ['a new one', 'CREATE SCHEMA a;\nALTER SCHEMA a RENAME TO b;'],
  ['another owner', 'ALTER SCHEMA a OWNER TO app;'],
  ['a table', 'ALTER TABLE a RENAME TO b;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});
