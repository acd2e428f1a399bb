import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { updateOrDeleteWithoutWhere as rule } from './update-or-delete-without-where.ts';

test('UPDATE', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    'UPDATE "public"."users" SET "name" = upper("name");',
  );
  expect(text).toBe('UPDATE "public"."users" SET "name" = upper("name")');
  expect(message).toContain('UPDATE without WHERE writes every row of users anew');
  expect(rewrite).toBeUndefined();
});

test('DELETE', async () => {
  const { message, rewrite } = await expectFinding(rule, 'DELETE FROM "sessions";');
  expect(message).toContain('DELETE without WHERE deletes every row of sessions');
  expect(rewrite).toEqual([{ title: 'if all of it goes', sql: 'TRUNCATE "sessions";' }]);
  await expectClean(rule, 'TRUNCATE "sessions";');
});

test.each([
  'WITH gone AS (DELETE FROM sessions) SELECT 1;',
  'WITH gone AS (DELETE FROM sessions RETURNING *) SELECT count(*) FROM gone;',
  'WITH gone AS (DELETE FROM sessions RETURNING id) UPDATE users SET n = 1 FROM gone WHERE users.id = gone.id;',
])('inside WITH, to nowhere: %s', async (sql) => {
  const { message } = await expectFinding(rule, sql);
  expect(message).toContain('DELETE without WHERE deletes every row of sessions');
});

test('UPDATE inside WITH', async () => {
  const { message } = await expectFinding(rule, 'WITH x AS (UPDATE users SET n = 1 RETURNING id) SELECT 1;');
  expect(message).toContain('UPDATE without WHERE writes every row of users anew');
});

test('a join that was forgotten', async () => {
  const update = await expectFinding(rule, 'UPDATE users u SET plan = p.name FROM plans p;');
  expect(update.message).toContain('joins FROM to nothing');
  expect(update.hint).toBe('Join the tables in WHERE.');
  const gone = await expectFinding(rule, 'DELETE FROM users USING plans;');
  expect(gone.message).toContain('joins USING to nothing');
});

/** Each statement commits, and its lock is gone. */
const ALONE = '-- drizzle-companion: no-transaction\n';

test('behind a lock another rule leads', async () => {
  const sql =
    'ALTER TABLE u ADD COLUMN x int;\nUPDATE u SET x = 1;\nALTER TABLE u ALTER COLUMN x SET NOT NULL;';
  const { level, rewrite } = await expectFinding(rule, sql);
  expect([level, rewrite]).toEqual(['info', undefined]);
});

test('one value for a new column is a default', async () => {
  const sql = `ALTER TABLE "users" ADD COLUMN "seen" timestamp;--> statement-breakpoint
UPDATE "users" SET "seen" = now() - interval '1 day' -- all of them
;`;
  const { rewrite } = await expectFinding(rule, `${ALONE}${sql}`);
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: `ALTER TABLE "users" ADD COLUMN "seen" timestamp DEFAULT now() - interval '1 day';`,
    },
  ]);
});

test('several columns with one value each', async () => {
  const found = await expectFindings(
    rule,
    `${ALONE}ALTER TABLE u ADD COLUMN x int;\nALTER TABLE u ADD COLUMN y text;\nUPDATE u SET x = 1;\nUPDATE u SET y = 'a';`,
  );
  const sql =
    "ALTER TABLE u ADD COLUMN x int DEFAULT 1;--> statement-breakpoint\nALTER TABLE u ADD COLUMN y text DEFAULT 'a';";
  expect(found.map(({ rewrite }) => rewrite?.[0]?.sql)).toEqual([sql, sql]);
  await expectClean(rule, sql);
});

test.each([
  ['with a default of its own', 'ALTER TABLE u ADD COLUMN x int DEFAULT 0;\nUPDATE u SET x = 1;'],
  ['of another deployment', 'UPDATE u SET y = 1;'],
  ['with a value for each row', 'ALTER TABLE u ADD COLUMN x int;\nUPDATE u SET x = y;'],
  ['with a volatile value', 'ALTER TABLE u ADD COLUMN x uuid;\nUPDATE u SET x = gen_random_uuid();'],
  [
    'beside a write that stays',
    'ALTER TABLE u ADD COLUMN x int;\nDELETE FROM v WHERE y = 1;\nUPDATE u SET x = 1;',
  ],
  ['beside others', 'ALTER TABLE u ADD COLUMN x int, ADD COLUMN z int;\nUPDATE u SET x = 1;'],
])('no default instead for a column %s', async (_, sql) => {
  const { rewrite } = await expectFinding(rule, `${ALONE}${sql}`);
  expect(rewrite).toBeUndefined();
});

test.each([
  ['with WHERE', "UPDATE users SET plan = 'free' WHERE plan IS NULL;"],
  ['that means it', 'UPDATE users SET n = n + 1 WHERE true;\nDELETE FROM sessions WHERE true;'],
  ['of a new table', 'CREATE TABLE n (id int);\nUPDATE n SET id = 1;\nDELETE FROM n;'],
  ['of a temporary table', 'CREATE TEMP TABLE n (id int);\nDELETE FROM n;'],
  [
    'of a table that the file fills again',
    'DELETE FROM "roles";--> statement-breakpoint\nINSERT INTO "roles" VALUES (\'admin\'), (\'guest\');',
  ],
  ['that moves rows', 'WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone;'],
  ['inside a function', 'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM a $$;'],
  ['in ON CONFLICT', 'INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a small table', async () => {
  await expectClean(rule, { sql: 'UPDATE settings SET a = 1;', settings: { smallTables: ['settings'] } });
});

test.each([
  ['an UPDATE', 'UPDATE users SET n = n + 1;', 'info'],
  ['an UPDATE that joins to nothing', 'UPDATE users SET n = orders.n FROM orders;', 'warning'],
  ['a DELETE, of which somebody may have forgotten the half', 'DELETE FROM users;', 'warning'],
])('behind a strong lock, where bulk-dml-with-ddl tells of the rows: %s', async (_, sql, expected) => {
  const { level } = await expectFinding(rule, `ALTER TABLE users ADD COLUMN n int;\n${sql}`);
  expect(level).toBe(expected);
});
