import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { severalAlterTables as rule } from './several-alter-tables.ts';

test('two scans of one table', async () => {
  const { text, message, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE "public"."users" ADD CONSTRAINT "age" CHECK ("age" > 0);--> statement-breakpoint\nALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;',
  );
  expect(text).toBe('ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL');
  expect(message).toContain('2 statements of this migration read or write all of users');
  const sql =
    'ALTER TABLE "public"."users"\n  ADD CONSTRAINT "age" CHECK ("age" > 0),\n  ALTER COLUMN "name" SET NOT NULL;';
  expect(rewrite).toEqual([{ title: 'this migration', sql }]);
  await expectClean(rule, sql);
});

test('two NOT NULL, around what costs nothing', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE IF EXISTS ONLY a ALTER b SET NOT NULL;\nALTER TABLE a ADD COLUMN d int;\nALTER TABLE a ALTER c SET NOT NULL;',
  );
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER TABLE IF EXISTS ONLY a\n  ALTER b SET NOT NULL,\n  ALTER c SET NOT NULL;',
  );
});

test('two types that write the table anew', async () => {
  await expectFinding(rule, {
    before: 'CREATE TABLE a (b int, c int);',
    sql: 'ALTER TABLE a ALTER b TYPE bigint;\nALTER TABLE a ALTER c TYPE bigint;',
  });
});

test.each([
  ['one statement', 'ALTER TABLE a ALTER b SET NOT NULL, ALTER c SET NOT NULL;'],
  [
    'changes of the catalog',
    'ALTER TABLE a ADD COLUMN b int;\nALTER TABLE a ADD COLUMN c text;\nALTER TABLE a DROP COLUMN d;',
  ],
  ['two tables', 'ALTER TABLE a ALTER b SET NOT NULL;\nALTER TABLE c ALTER b SET NOT NULL;'],
  [
    'a new table',
    'CREATE TABLE a (b int, c int);\nALTER TABLE a ALTER b SET NOT NULL;\nALTER TABLE a ALTER c SET NOT NULL;',
  ],
  [
    'foreign keys, looked up one by one in any case',
    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (id);\nALTER TABLE a ADD FOREIGN KEY (d) REFERENCES e (id);',
  ],
  ['NOT VALID', 'ALTER TABLE a ADD CHECK (b > 0) NOT VALID;\nALTER TABLE a ADD CHECK (c > 0) NOT VALID;'],
  [
    'one type twice, which PostgreSQL refuses in one statement',
    'ALTER TABLE a ALTER b TYPE text USING b::text;\nALTER TABLE a ALTER b TYPE int USING b::int;',
  ],
  [
    'what rows between them were mended for',
    'ALTER TABLE a ALTER b SET NOT NULL;\nUPDATE a SET c = 1;\nALTER TABLE a ALTER c SET NOT NULL;',
  ],
  [
    'a column between them that the second needs',
    'ALTER TABLE a ALTER b SET NOT NULL;\nALTER TABLE a ADD COLUMN "d" int;\nALTER TABLE a ADD CHECK (d > 0);',
  ],
  [
    'a constraint that would be dropped too soon',
    'ALTER TABLE a ALTER b SET NOT NULL;\nALTER TABLE a ALTER c SET NOT NULL, DROP CONSTRAINT d;',
  ],
  ['two migrations', ['ALTER TABLE a ALTER b SET NOT NULL;', 'ALTER TABLE a ALTER c SET NOT NULL;']],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('types that differ in nothing but their length', async () => {
  await expectClean(rule, {
    before: 'CREATE TABLE a (b varchar(10), c varchar(10));',
    sql: 'ALTER TABLE a ALTER b TYPE varchar(20);\nALTER TABLE a ALTER c TYPE text;',
  });
});
