import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings, expectFixed } from '../../../test/lint/expect-lint.ts';
import { applyEdits } from '../advice/edits.ts';
import { foreignKeyNotValid as rule } from './foreign-key-not-valid.ts';

const KEY =
  'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action';

test('a key as drizzle-kit writes it, on tables that are there', async () => {
  const { message, text, rewrite, edits } = await expectFinding(rule, `${KEY};`);
  expect(text).toBe(KEY);
  expect(message).toContain('reads all of posts and looks every row up in users');
  expect(message).toContain('posts and users are locked against writes (SHARE ROW EXCLUSIVE)');
  expect(message).not.toContain('ACCESS EXCLUSIVE');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `${KEY} NOT VALID;` },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_author_id_users_id_fk";',
    },
  ]);
  expect(edits).toEqual([]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('stock drizzle has one transaction for all that is pending: a later deployment', async () => {
  const { rewrite, hint } = await expectFinding(rule, { sql: `${KEY};`, settings: { runner: 'drizzle' } });
  expect(rewrite?.map(({ title }) => title)).toEqual(['this migration', 'a later deployment']);
  expect(hint).toContain('in a later deployment');
});

test('a table that refers to itself', async () => {
  const { message } = await expectFinding(rule, 'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES a (c);');
  expect(message).toContain('a is locked against writes (SHARE ROW EXCLUSIVE)');
});

test('several commands, several keys, none of them named', async () => {
  const found = await expectFindings(
    rule,
    'ALTER TABLE ONLY app.a ADD FOREIGN KEY (b, c) REFERENCES d (e, f), ADD z int, ADD FOREIGN KEY (g) REFERENCES h;',
  );
  expect(found).toHaveLength(2);
  for (const { rewrite } of found) {
    expect(rewrite?.map(({ sql }) => sql)).toEqual([
      'ALTER TABLE ONLY app.a ADD CONSTRAINT "a_b_c_fkey" FOREIGN KEY (b, c) REFERENCES d (e, f) NOT VALID, ADD z int, ADD CONSTRAINT "a_g_fkey" FOREIGN KEY (g) REFERENCES h NOT VALID;',
      'ALTER TABLE ONLY app.a VALIDATE CONSTRAINT "a_b_c_fkey";--> statement-breakpoint\nALTER TABLE ONLY app.a VALIDATE CONSTRAINT "a_g_fkey";',
    ]);
  }
});

test('a new column with a default brings values to look up', async () => {
  const { message, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a ADD COLUMN b int DEFAULT 1 REFERENCES c (d) ON DELETE CASCADE DEFERRABLE NOT NULL;',
  );
  expect(message).toContain('keeps even reads out of a (ACCESS EXCLUSIVE)');
  expect(message).toContain('writes to c wait (SHARE ROW EXCLUSIVE)');
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE a ADD COLUMN b int DEFAULT 1 NOT NULL;--> statement-breakpoint\nALTER TABLE a ADD CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES c (d) ON DELETE CASCADE DEFERRABLE NOT VALID;',
    'ALTER TABLE a VALIDATE CONSTRAINT "a_b_fkey";',
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('in the DO block that older versions of drizzle-kit wrote', async () => {
  const { rewrite } = await expectFinding(
    rule,
    `DO $$ BEGIN\n ${KEY};\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;`,
  );
  expect(rewrite?.[0]?.sql).toBe(`${KEY} NOT VALID;`);
});

test('the key of a column that is new and empty moves to the column', async () => {
  await expectFixed(
    rule,
    `ALTER TABLE "posts" ADD COLUMN "author_id" integer;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "group_id" integer;--> statement-breakpoint
${KEY};--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "g" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id");--> statement-breakpoint
CREATE INDEX "posts_author_idx" ON "posts" USING btree ("author_id");`,
    `ALTER TABLE "posts" ADD COLUMN "author_id" integer CONSTRAINT "posts_author_id_users_id_fk" REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "group_id" integer CONSTRAINT "g" REFERENCES "public"."groups"("id");--> statement-breakpoint
CREATE INDEX "posts_author_idx" ON "posts" USING btree ("author_id");`,
  );
});

test('at the end of the file the breakpoint before it goes, too', async () => {
  await expectFixed(
    rule,
    `ALTER TABLE "posts" ADD COLUMN "author_id" integer;--> statement-breakpoint\n${KEY};\n`,
    'ALTER TABLE "posts" ADD COLUMN "author_id" integer CONSTRAINT "posts_author_id_users_id_fk" REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;\n',
  );
});

test('what stands between the two and has nothing to do with them does not matter', async () => {
  const between = [
    'CREATE TABLE a (b int);',
    'CREATE INDEX ON posts (id);',
    'ALTER TABLE posts DROP CONSTRAINT c;',
    'ALTER TABLE d ALTER e SET NOT NULL;',
    'DROP INDEX f;',
  ].join('\n');
  await expectFixed(
    rule,
    `ALTER TABLE posts ADD author_id int;\n${between}\n${KEY};\n`,
    `ALTER TABLE posts ADD author_id int CONSTRAINT "posts_author_id_users_id_fk" REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;\n${between}\n`,
  );
});

test('reads wait, too, where the column was added in the same transaction', async () => {
  const { message } = await expectFinding(rule, `ALTER TABLE posts ADD author_id int; ${KEY};`);
  expect(message).toContain('ACCESS EXCLUSIVE lock lasts to its end: reads of posts wait, too');
});

test.each([
  ['was given values', 'ALTER TABLE posts ADD author_id int; UPDATE posts SET author_id = 1;'],
  ['has a default', 'ALTER TABLE posts ADD author_id int DEFAULT 1;'],
  [
    'was given a default',
    'ALTER TABLE posts ADD author_id int; ALTER TABLE posts ALTER author_id SET DEFAULT 1;',
  ],
  [
    'came before what makes its target unique',
    'ALTER TABLE posts ADD author_id int; ALTER TABLE users ADD PRIMARY KEY (id);',
  ],
  ['came with others', 'ALTER TABLE posts ADD author_id int, ADD b int;'],
  ['may have been there', 'ALTER TABLE posts ADD IF NOT EXISTS author_id int;'],
  [
    'came before the table to which it refers',
    'ALTER TABLE posts ADD author_id int; CREATE TABLE users (id int PRIMARY KEY);',
  ],
])('the key stays where it is if the column %s', async (_, before) => {
  const { rewrite, edits } = await expectFinding(rule, `${before} ${KEY};`);
  expect(edits).toEqual([]);
  expect(rewrite?.[0]?.sql).toBe(`${KEY} NOT VALID;`);
});

test('a partitioned table, before 18: partition by partition', async () => {
  const before =
    'CREATE TABLE posts (author_id int, at date) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF posts DEFAULT;';
  const { rewrite } = await expectFinding(rule, { before, sql: `${KEY};` });
  const added = KEY.slice(KEY.indexOf('ADD'));
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `ALTER TABLE "p1" ${added} NOT VALID;` },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "p1" VALIDATE CONSTRAINT "posts_author_id_users_id_fk";',
    },
    { title: 'a later migration, after that', sql: `ALTER TABLE "posts" ${added};` },
  ]);
  await expectClean(rule, { before, sql: (rewrite ?? []).map(({ sql }) => sql) });
});

test('a partitioned table, from 18 on', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: 'CREATE TABLE posts (author_id int, at date) PARTITION BY RANGE (at);',
    sql: `${KEY};`,
    settings: { postgresVersion: 18 },
  });
  expect(rewrite?.[0]?.sql).toBe(`${KEY} NOT VALID;`);
});

test.each([
  ['NOT VALID', `${KEY} NOT VALID;`],
  ['NOT ENFORCED', `${KEY} NOT ENFORCED;`],
  ['on a table made above', `CREATE TABLE "posts" ("author_id" integer);\n--> statement-breakpoint\n${KEY};`],
  ['on a table of the same deployment', ['CREATE TABLE "posts" ("author_id" integer);', `${KEY};`]],
  ['on a temporary table', `CREATE TEMP TABLE posts (author_id int); ${KEY};`],
  ['with a new column', 'ALTER TABLE posts ADD author_id int REFERENCES users (id);'],
  ['with a new column that must not be null', 'ALTER TABLE posts ADD a int NOT NULL REFERENCES users;'],
  ['of a new table', 'CREATE TABLE posts (author_id int REFERENCES users (id));'],
  ['dropped', 'ALTER TABLE posts DROP CONSTRAINT posts_author_id_users_id_fk;'],
  ['no key', 'ALTER TABLE posts ADD CONSTRAINT c CHECK (a > 0);'],
])('a key %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: `${KEY};`, settings: { smallTables: ['posts'] } });
});

const TABLES = [
  'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text);',
  'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "author_id" integer);',
];

describeEachPostgres('the rewrite', (postgres) => {
  test.each([
    ['as drizzle-kit writes it', `${KEY};`],
    ['without names', 'ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users, ADD z int;'],
    ['with a default', 'ALTER TABLE posts ADD b int DEFAULT 1 REFERENCES users (id) DEFERRABLE NOT NULL;'],
    [
      'on an empty column',
      `ALTER TABLE posts ADD e int; ALTER TABLE posts ADD CONSTRAINT "e_fk" FOREIGN KEY (e) REFERENCES users (id) ON DELETE SET NULL;`,
    ],
  ])('leaves the same key behind: %s', async (_, sql) => {
    const { rewrite, edits } = await expectFinding(rule, { before: TABLES, sql });
    const keysAfter = async (migrations: readonly string[]) => {
      const database = await postgres.createDatabase();
      for (const one of [...TABLES, ...migrations]) await database.sql.unsafe(one);
      return [
        ...(await database.sql`
          SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f'`),
      ];
    };
    const wanted = await keysAfter([sql]);
    expect(wanted).toHaveLength(1);
    expect(await keysAfter((rewrite ?? []).map((one) => one.sql))).toEqual(wanted);
    if (edits.length > 0) expect(await keysAfter([applyEdits(sql, edits)])).toEqual(wanted);
  });
});
