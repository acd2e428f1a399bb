import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { bulkUpdateNeedsAnalyze as rule } from './bulk-update-needs-analyze.ts';

test('UPDATE of a whole table', async () => {
  const { message, rewrite } = await expectFinding(rule, 'UPDATE "users" SET "plan" = "name";');
  expect(message).toContain("UPDATE writes every row of users, and the planner's statistics of users");
  expect(rewrite).toEqual([{ title: 'behind the statement', sql: 'ANALYZE "users";' }]);
});

test('ANALYZE is written behind it, as the file sets statements apart', async () => {
  await expectFixed(
    rule,
    'ALTER TABLE a ADD b int;--> statement-breakpoint\nUPDATE a SET b = c;--> statement-breakpoint\nSELECT 1;\n',
    'ALTER TABLE a ADD b int;--> statement-breakpoint\nUPDATE a SET b = c;--> statement-breakpoint\nANALYZE "a";--> statement-breakpoint\nSELECT 1;\n',
  );
  await expectFixed(rule, 'UPDATE a SET b = c\n', 'UPDATE a SET b = c;\nANALYZE "a"\n');
});

test('INSERT … SELECT', async () => {
  const { message } = await expectFinding(
    rule,
    'CREATE TABLE profiles (id int);\nINSERT INTO profiles SELECT id FROM users;',
  );
  expect(message).toContain('INSERT copies all of users into profiles');
});

test('nobody analyzes a partitioned table by itself', async () => {
  const { message } = await expectFinding(rule, {
    before: 'CREATE TABLE a (b int) PARTITION BY RANGE (b);',
    sql: 'UPDATE a SET b = b + 1;',
  });
  expect(message).toContain('Autovacuum never looks at a partitioned table as a whole');
});

test('of several writes the last is told of', async () => {
  const copy = await expectFinding(rule, 'UPDATE a SET b = 1;\nINSERT INTO a SELECT * FROM x;');
  expect(copy.text).toBe('INSERT INTO a SELECT * FROM x');
  const { text } = await expectFinding(rule, 'UPDATE a SET b = 1;\nUPDATE a SET c = 1;');
  expect(text).toBe('UPDATE a SET c = 1');
});

test.each([
  ['ANALYZE follows', 'UPDATE a SET b = 1;\nANALYZE "public"."a";'],
  ['ANALYZE of everything follows', ['UPDATE a SET b = 1;', 'ANALYZE;']],
  [
    'VACUUM ANALYZE follows',
    ['UPDATE a SET b = 1;', '-- drizzle-companion: no-transaction\nVACUUM (ANALYZE) a;'],
  ],
  ['a part of the table', 'UPDATE a SET b = 1 WHERE c = 1;\nINSERT INTO a SELECT * FROM x WHERE c = 1;'],
  ['a few rows', 'INSERT INTO a VALUES (1);\nUPDATE a SET b = 1 WHERE id = 1;'],
  ['a new table', 'CREATE TABLE n (id int);\nINSERT INTO n VALUES (1);\nUPDATE n SET id = 2;'],
  ['a temporary table', 'CREATE TEMP TABLE n (id int);\nINSERT INTO n SELECT id FROM a;'],
  ['rows that go', 'DELETE FROM a;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('VACUUM alone, or ANALYZE of another table, is not enough', async () => {
  await expectFinding(rule, [
    'UPDATE a SET b = 1;',
    '-- drizzle-companion: no-transaction\nVACUUM a;\nANALYZE z;',
  ]);
});
