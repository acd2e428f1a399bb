import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { renameTable as rule } from './rename-table.ts';

test('RENAME', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    'SELECT 1;\nALTER TABLE "public"."users" RENAME TO "people";',
  );
  expect(text).toBe('ALTER TABLE "public"."users" RENAME TO "people"');
  expect(message).toContain('there is no users (42P01)');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE "public"."users" RENAME TO "people";--> statement-breakpoint\nCREATE VIEW "public"."users" AS SELECT * FROM "public"."people";',
    },
    { title: 'a later deployment', sql: 'DROP VIEW "public"."users";' },
  ]);
  for (const { sql } of rewrite ?? []) await expectClean(rule, sql);
});

test('SET SCHEMA', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    sql: 'ALTER TABLE "users" SET SCHEMA "app";',
    settings: { postgresVersion: 15 },
  });
  expect(message).toContain('there is no users');
  const [first] = rewrite ?? [];
  expect(first?.sql).toBe(
    'ALTER TABLE "users" SET SCHEMA "app";--> statement-breakpoint\nCREATE VIEW "users" WITH (security_invoker = true) AS SELECT * FROM "app"."users";',
  );
  await expectClean(rule, first?.sql ?? '');
});

test('a view, too, is read by its name', async () => {
  await expectFinding(rule, { before: 'CREATE VIEW v AS SELECT 1;', sql: 'ALTER VIEW v RENAME TO w;' });
});

test('a view in the next migration comes too late', async () => {
  await expectFinding(rule, ['ALTER TABLE a RENAME TO b;', 'CREATE VIEW a AS SELECT * FROM b;']);
});

test.each([
  [
    'a view has the old name',
    'ALTER TABLE a RENAME TO b;--> statement-breakpoint\nCREATE VIEW "public"."a" AS SELECT * FROM b;',
  ],
  ['new tables', 'CREATE TABLE a (id int);\nALTER TABLE a RENAME TO b;'],
  ['new in this deployment', ['CREATE TABLE a (id int);', 'ALTER TABLE a RENAME TO b;']],
  ['temporary', 'CREATE TEMP TABLE a (id int);\nALTER TABLE a RENAME TO b;'],
  ['a swap', 'ALTER TABLE a RENAME TO a_old;\nALTER TABLE a_new RENAME TO a;'],
  ['a replacement', 'ALTER TABLE a RENAME TO a_old;\nCREATE TABLE a (id int);'],
  ['the place of a table that is dropped', 'DROP TABLE a;\nALTER TABLE a_new RENAME TO a;'],
  [
    'other things',
    'ALTER INDEX i RENAME TO j;\nALTER TABLE a RENAME CONSTRAINT c TO d;\nALTER SEQUENCE s RENAME TO t;\nALTER TYPE m RENAME TO n;',
  ],
  ['an index by ALTER TABLE', 'CREATE INDEX i ON a (x);\nALTER TABLE i RENAME TO j;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});
