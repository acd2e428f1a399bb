import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { bulkDmlWithDdl as rule } from './bulk-dml-with-ddl.ts';

const FLOWSHEET = `CREATE TABLE "wxyc"."flowsheet" ("id" integer PRIMARY KEY, "show_id" integer, "kind" text);
CREATE TABLE "wxyc"."shows" ("id" integer PRIMARY KEY, "dj" text);`;

test('a column, and its backfill', async () => {
  const sql = `ALTER TABLE "wxyc"."flowsheet" ADD COLUMN "dj_name" text;--> statement-breakpoint
UPDATE "wxyc"."flowsheet" f SET "dj_name" = s."dj" FROM "wxyc"."shows" s WHERE f."show_id" = s."id" AND f."kind" = 'track';
`;
  const { message, text, rewrite, level } = await expectFinding(rule, { before: FLOWSHEET, sql });
  expect(level).toBe('error');
  expect(text).toMatch(/^UPDATE .* = 'track'$/s);
  expect(message).toBe(
    'UPDATE writes rows of wxyc.flowsheet, as many as there are, after `ALTER TABLE "wxyc"."flowsheet" ADD COLUMN "dj_name" text` (line 1) has taken ACCESS EXCLUSIVE on wxyc.flowsheet in the same transaction. PostgreSQL keeps its locks until the commit: before the last row is done nobody can read or write wxyc.flowsheet, and all who try wait in line.',
  );
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'ALTER TABLE "wxyc"."flowsheet" ADD COLUMN "dj_name" text;' },
    {
      title: 'in batches outside of migrations, with id from $1 to $2',
      sql: `UPDATE "wxyc"."flowsheet" f SET "dj_name" = s."dj" FROM "wxyc"."shows" s WHERE (f."show_id" = s."id" AND f."kind" = 'track') AND "f"."id" > $1 AND "f"."id" <= $2;`,
    },
  ]);
  for (const { sql: one } of rewrite ?? []) await expectClean(rule, { before: FLOWSHEET, sql: one });
});

test('what needs the rows comes after them', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);',
    sql: `ALTER TABLE users ADD COLUMN name text;
UPDATE users SET name = a || b;
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
CREATE INDEX ON users (name);`,
  });
  expect(rewrite?.map(({ title }) => title)).toEqual([
    'this migration',
    'in batches outside of migrations, with id from $1 to $2',
    'a later migration',
  ]);
  expect(rewrite?.[1]?.sql).toBe(
    'UPDATE users SET name = a || b WHERE "users"."id" > $1 AND "users"."id" <= $2;',
  );
  expect(rewrite?.[2]?.sql).toBe(
    'ALTER TABLE users ALTER COLUMN name SET NOT NULL;--> statement-breakpoint\nCREATE INDEX ON users (name);',
  );
});

test('ANALYZE stays with what it counts', async () => {
  const add = 'ALTER TABLE users ADD COLUMN b text;';
  const batched = await expectFinding(rule, {
    before: 'CREATE TABLE users (id uuid PRIMARY KEY, a text);',
    sql: `${add}\nUPDATE users SET b = a;\nANALYZE users;`,
  });
  expect(batched.rewrite).toHaveLength(2);
  expect(batched.rewrite?.map(({ sql }) => sql).join()).not.toContain('ANALYZE');
  const { rewrite } = await expectFinding(rule, `${add}\nUPDATE users SET b = a;\nANALYZE users;`);
  expect(rewrite?.[1]?.sql).toBe('UPDATE users SET b = a;--> statement-breakpoint\nANALYZE users;');
  const needless = await expectFinding(rule, `${add}\nUPDATE users SET b = 'x';\nANALYZE users;`);
  expect(needless.rewrite?.map(({ sql }) => sql)).toEqual([
    "ALTER TABLE users ADD COLUMN b text DEFAULT 'x';",
  ]);
});

test('several writes are done one after the other', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE users (uid uuid PRIMARY KEY, a text);',
    sql: 'ALTER TABLE users ADD COLUMN b text;\nUPDATE users SET b = a;\nDELETE FROM users WHERE b IS NULL;',
  });
  expect(rewrite?.[1]?.title).toBe(
    'in batches outside of migrations, one statement after the other, each with uid from $1 to $2',
  );
  expect(rewrite?.[1]?.sql.split('\n')[1]).toBe(
    'DELETE FROM users WHERE (b IS NULL) AND "users"."uid" > $1 AND "users"."uid" <= $2;',
  );
});

test('one value for a new column is a default, and no UPDATE', async () => {
  const { hint, rewrite } = await expectFinding(
    rule,
    `ALTER TABLE "users" ADD COLUMN "plan" text;--> statement-breakpoint
UPDATE "users" SET "plan" = 'free'::text WHERE "plan" IS NULL;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "plan" SET NOT NULL;`,
  );
  expect(hint).toContain('ADD COLUMN with a DEFAULT');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: `ALTER TABLE "users" ADD COLUMN "plan" text DEFAULT 'free'::text NOT NULL;`,
    },
  ]);
});

test('a foreign key of a new table keeps writers out of the table it points to', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE users (id bigint PRIMARY KEY, bio text);',
    sql: `CREATE TABLE "profiles" ("user_id" bigint PRIMARY KEY, "bio" text);--> statement-breakpoint
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id");--> statement-breakpoint
INSERT INTO "profiles" SELECT "id", "bio" FROM "users";`,
  });
  expect(message).toContain('INSERT copies rows from users into profiles');
  expect(message).toContain('has taken SHARE ROW EXCLUSIVE on users');
  expect(message).toContain('nobody can write to users');
  expect(rewrite).toHaveLength(2);
});

test('another table than the one that is written', async () => {
  const { message } = await expectFinding(
    rule,
    'CREATE INDEX ON orders (a);\nALTER TABLE settings ADD COLUMN b int;\nDELETE FROM orders WHERE a < 5;',
  );
  expect(message).toContain('DELETE deletes rows of orders');
  expect(message).toContain('has taken ACCESS EXCLUSIVE on settings');
  expect(message).toContain('nobody can read or write settings, or write to orders,');
});

test.each([
  ['in WITH', 'WITH gone AS (DELETE FROM a WHERE b < 5 RETURNING *) SELECT count(*) FROM gone'],
  ['by MERGE', 'MERGE INTO a USING x ON a.id = x.id WHEN MATCHED THEN DELETE'],
  ['with rows of a subquery', 'UPDATE a SET b = 1 WHERE id IN (SELECT a_id FROM x)'],
  ['by one part of a key', 'UPDATE pair SET v = 1 WHERE left_id = 1'],
  ['by a large LIMIT', 'INSERT INTO a SELECT * FROM x LIMIT 1000000'],
  ['by a key or something else', 'UPDATE a SET b = 1 WHERE id = 1 OR b = 2'],
  ['into a table whose rows come from a large one', 'UPDATE a SET b = m.b FROM m WHERE a.id = m.id'],
  ['in a block', 'DO $$ BEGIN UPDATE a SET b = 1 WHERE b IS NULL; END $$'],
  [
    'in a loop of batches',
    'DO $$ BEGIN LOOP DELETE FROM a WHERE id IN (SELECT id FROM a WHERE b IS NULL LIMIT 100); END LOOP; END $$',
  ],
])('rows without bound: %s', async (_, dml) => {
  await expectFinding(rule, {
    before:
      'CREATE TABLE a (id int PRIMARY KEY, b int);\nCREATE TABLE pair (left_id int, right_id int, v int, PRIMARY KEY (left_id, right_id));',
    sql: `CREATE TABLE m (id int, b int);\nINSERT INTO m SELECT id, b FROM x;\nALTER TABLE t ADD COLUMN c int;\n${dml};`,
  });
});

test.each([
  ['VALUES', 'INSERT INTO a (id) VALUES (1), (2) ON CONFLICT DO NOTHING'],
  ['values without VALUES', "INSERT INTO a (v) SELECT 'x' WHERE NOT EXISTS (SELECT 1 FROM a WHERE v = 'x')"],
  ['by primary key', 'UPDATE a SET b = 1 WHERE id = 5'],
  ['by several primary keys', 'DELETE FROM a WHERE id IN (1, 2, 3)'],
  ['by an array of them', "DELETE FROM a WHERE a.id = ANY('{1,2}'::int[])"],
  ['by a unique key', "UPDATE a SET b = 1 WHERE v = 'theme' AND b = 0"],
  ['by one key or another', 'DELETE FROM a WHERE id = 1 OR id = 2'],
  ['by a unique index', 'UPDATE a SET b = 1 WHERE u = lower($1)'],
  ['by a key of several columns', 'DELETE FROM pair WHERE right_id = 1 AND left_id = 2'],
  ['by values in FROM', 'UPDATE a SET b = m.b FROM (VALUES (1, 2)) AS m(id, b) WHERE a.id = m.id'],
  [
    'by values in WITH',
    'WITH m(id, b) AS (VALUES (1, 2)) UPDATE a AS t SET b = m.b FROM m WHERE m.id = t.id',
  ],
  ['by a table of the migration', 'UPDATE a SET b = map.b FROM map WHERE a.id = map.id'],
  ['a batch', 'DELETE FROM a WHERE id IN (SELECT id FROM a WHERE b = 0 LIMIT 1000)'],
  ['one row of another table', 'INSERT INTO a (id) SELECT id FROM a WHERE id = 7'],
  ['an id of a table that is not known', 'UPDATE unknown SET b = 1 WHERE id = 5'],
  ['nothing', 'DELETE FROM a WHERE false'],
  ['a temporary table', 'CREATE TEMP TABLE s (id int);\nINSERT INTO s SELECT 1;\nDELETE FROM s'],
  ['a table of the migration itself', 'UPDATE map SET b = b + 1'],
  ['a function, made but not run', 'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM a $$'],
])('few rows: %s', async (_, dml) => {
  await expectClean(rule, {
    before:
      'CREATE TABLE a (id int PRIMARY KEY, b int, v text UNIQUE, u text);\nCREATE UNIQUE INDEX ON a (u);\nCREATE TABLE pair (left_id int, right_id int, PRIMARY KEY (left_id, right_id));',
    sql: `CREATE TABLE map (id int, b int);\nINSERT INTO map VALUES (1, 2);\nALTER TABLE a ADD COLUMN c int;\n${dml};`,
  });
});

const UPDATE = 'UPDATE a SET b = c + 1;';

test.each([
  ['nothing but the UPDATE', UPDATE],
  ['the UPDATE before the change', `${UPDATE}\nALTER TABLE a DROP COLUMN c;`],
  [
    'a table that is new',
    `CREATE TABLE n (id int);\nALTER TABLE n ADD COLUMN x int;\nCREATE INDEX ON n (x);\n${UPDATE}`,
  ],
  ['a type', `CREATE TYPE mood AS ENUM ('ok');\n${UPDATE}`],
  ['a weak lock', `ALTER TABLE a VALIDATE CONSTRAINT c;\nANALYZE a;\n${UPDATE}`],
  ['a table that goes', `DROP TABLE old;\n${UPDATE}`],
  ['a lock that is asked for', `LOCK TABLE a IN SHARE MODE;\n${UPDATE}`],
  ['a COMMIT between them', `ALTER TABLE a ADD COLUMN x int;\nCOMMIT;\n${UPDATE}`],
  [
    'a new table that is gone when the UPDATE comes',
    `CREATE TABLE n (id int);\nALTER TABLE n ADD x int;\nDROP TABLE n;\n${UPDATE}`,
  ],
])('no lock that others wait for: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('the next migration is another transaction, but not under stock drizzle', async () => {
  const sql = ['ALTER TABLE a ADD COLUMN x int;', UPDATE];
  await expectClean(rule, sql);
  const { message } = await expectFinding(rule, { sql, settings: { runner: 'drizzle' } });
  expect(message).toContain('`ALTER TABLE a ADD COLUMN x int` (0100_test, line 1)');
});

test('one finding for each table, and none for a small one', async () => {
  const sql =
    'ALTER TABLE a ADD COLUMN x int;\nUPDATE z SET b = c;\nUPDATE a SET b = c;\nDELETE FROM a WHERE b = c;';
  const found = await expectFindings(rule, sql);
  expect(found.map(({ text }) => text)).toEqual(['UPDATE z SET b = c', 'UPDATE a SET b = c']);
  expect(found.map(({ rewrite }) => rewrite?.length)).toEqual([2, undefined]);
  const { text } = await expectFinding(rule, { sql, settings: { smallTables: ['z'] } });
  expect(text).toBe('UPDATE a SET b = c');
  await expectClean(rule, { sql, settings: { smallTables: ['a', 'z'] } });
});

test('the table that is written is named first, of many some', async () => {
  const alters = ['b', 'c', 'd', 'e', 'f', 'g', 'a'].map((name) => `ALTER TABLE ${name} ADD COLUMN x int;`);
  const { message } = await expectFinding(rule, `${alters.join('\n')}\nUPDATE a SET x = y;`);
  expect(message).toContain('`ALTER TABLE a ADD COLUMN x int` (line 7) has taken ACCESS EXCLUSIVE on a');
  expect(message).toContain('nobody can read or write b, c, d, e, f and 2 more tables,');
});

describeEachPostgres('the rewrite', ({ createDatabase }) => {
  test('writes batch by batch what the statement writes at once', async () => {
    const before =
      'CREATE TABLE tracks (id int PRIMARY KEY, show_id int, kind text); CREATE TABLE shows (id int PRIMARY KEY, dj text);';
    const { rewrite } = await expectFinding(rule, {
      before,
      sql: `ALTER TABLE tracks ADD COLUMN dj text;
UPDATE tracks t SET dj = s.dj FROM shows s WHERE t.show_id = s.id AND t.kind = 'track' OR t.kind IS NULL -- old ones
RETURNING t.id;
ALTER TABLE tracks ADD CONSTRAINT dj_present CHECK (dj IS NOT NULL OR kind = 'talk') NOT VALID;`,
    });
    const [schema, batch, later] = (rewrite ?? []).map(({ sql }) => sql);
    const { sql } = await createDatabase();
    await sql.unsafe(before);
    await sql.unsafe("INSERT INTO shows VALUES (1, 'Ada')");
    await sql.unsafe(
      "INSERT INTO tracks SELECT n, 1, (ARRAY['track', 'talk', NULL])[n % 3 + 1] FROM generate_series(1, 30) n",
    );
    await sql.unsafe(schema ?? '');
    const written: number[] = [];
    for (const from of [0, 10, 20, 30]) {
      const rows = await sql.unsafe<{ id: number }[]>(batch ?? '', [from, from + 10]);
      written.push(rows.length);
    }
    await sql.unsafe(later ?? '');
    expect(written).toEqual([6, 7, 7, 0]);
    expect(await sql`SELECT count(dj)::int AS filled FROM tracks`).toEqual([{ filled: 20 }]);
  });
});
