import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { addRequiredColumn as rule } from './add-required-column.ts';

const USERS = 'CREATE TABLE "users" ("id" bigint PRIMARY KEY, "name" text);';

test('a column as drizzle-kit writes .notNull() without a default', async () => {
  const sql = `ALTER TABLE "users" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "public"."users" ADD COLUMN "email" varchar(256) NOT NULL;`;
  const { message, text, hint, level, rewrite } = await expectFinding(rule, sql);
  expect(level).toBe('error');
  expect(text).toBe('ADD COLUMN "email" varchar(256) NOT NULL');
  expect(message).toContain('no value for email in the rows that users has');
  expect(message).toContain('23502');
  expect(hint).toContain('DEFAULT');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'ALTER TABLE "public"."users" ADD COLUMN "email" varchar(256);' },
    {
      title: 'in batches outside of migrations, until no row is updated and $1 for the value',
      sql: 'UPDATE "public"."users" SET "email" = $1 WHERE ctid = ANY (ARRAY(SELECT ctid FROM "public"."users" WHERE "email" IS NULL LIMIT 10000));',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "public"."users" ADD CONSTRAINT "users_email_present" CHECK ("email" IS NOT NULL) NOT VALID;',
    },
    {
      title: 'a later migration',
      sql: [
        'ALTER TABLE "public"."users" VALIDATE CONSTRAINT "users_email_present";',
        'ALTER TABLE "public"."users" ALTER COLUMN "email" SET NOT NULL;',
        'ALTER TABLE "public"."users" DROP CONSTRAINT "users_email_present";',
      ].join('--> statement-breakpoint\n'),
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, one.sql);
});

test('with a known key the batches go along it', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE "users" ADD COLUMN "email" text NOT NULL;',
  });
  expect(rewrite?.[1]).toEqual({
    title: 'in batches outside of migrations, with id from $1 to $2 and $3 for the value',
    sql: 'UPDATE "users" SET "email" = $3 WHERE "id" > $1 AND "id" <= $2 AND "email" IS NULL;',
  });
});

test('several columns of one statement are one finding', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    `ALTER TABLE a ADD COLUMN b int CONSTRAINT named NOT NULL CHECK (b > 0), ADD c text,
  ADD COLUMN "D" text NOT NULL COLLATE "C";`,
  );
  expect(message).toContain('no value for b, "D" in the rows');
  expect(text).toMatch(/^ALTER TABLE a .*COLLATE "C"$/s);
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER TABLE a ADD COLUMN b int CHECK (b > 0), ADD c text,\n  ADD COLUMN "D" text COLLATE "C";',
  );
  expect(rewrite).toHaveLength(5);
});

test('DEFAULT NULL fills nothing', async () => {
  const { rewrite } = await expectFinding(rule, 'ALTER TABLE a ADD b int DEFAULT NULL::int NOT NULL;');
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE a ADD b int;');
});

test('a primary key without a default', async () => {
  const { hint, rewrite } = await expectFinding(rule, 'ALTER TABLE a ADD id uuid PRIMARY KEY;');
  expect(hint).toContain('PRIMARY KEY USING INDEX');
  expect(rewrite).toBeUndefined();
});

test('from 18 on, NOT NULL itself can be NOT VALID', async () => {
  const { rewrite } = await expectFinding(rule, {
    sql: 'ALTER TABLE a ADD b int NOT NULL;',
    settings: { postgresVersion: 18 },
  });
  expect(rewrite?.slice(2).map(({ sql }) => sql)).toEqual([
    'ALTER TABLE a ADD CONSTRAINT "a_b_not_null" NOT NULL "b" NOT VALID;',
    'ALTER TABLE a VALIDATE CONSTRAINT "a_b_not_null";',
  ]);
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'DO $$ BEGIN ALTER TABLE "a" ADD COLUMN "b" int NOT NULL; EXCEPTION WHEN duplicate_column THEN null; END $$;',
  );
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE "a" ADD COLUMN "b" int;');
});

test.each([
  ['nullable', 'ALTER TABLE "users" ADD COLUMN "email" text;'],
  ['with a constant', `ALTER TABLE "users" ADD COLUMN "role" text DEFAULT 'member' NOT NULL;`],
  ['with a time', 'ALTER TABLE "users" ADD COLUMN "at" timestamp DEFAULT now() NOT NULL;'],
  ['with a volatile default', 'ALTER TABLE "users" ADD COLUMN "k" uuid DEFAULT gen_random_uuid() NOT NULL;'],
  ['an identity', 'ALTER TABLE "users" ADD COLUMN "n" integer NOT NULL GENERATED ALWAYS AS IDENTITY;'],
  ['serial', 'ALTER TABLE "users" ADD COLUMN "n" serial NOT NULL;'],
  ['a serial primary key', 'ALTER TABLE "users" ADD COLUMN "n" bigserial PRIMARY KEY;'],
  ['generated', `ALTER TABLE "users" ADD "n" int GENERATED ALWAYS AS (1) STORED NOT NULL;`],
  ['of a domain with a default', `CREATE DOMAIN d AS int DEFAULT 7; ALTER TABLE a ADD b d NOT NULL;`],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test.each([
  ['made two lines above', 'CREATE TABLE a (b int);\nALTER TABLE a ADD c int NOT NULL;'],
  ['made in the same deployment', ['CREATE TABLE a (b int);', 'ALTER TABLE a ADD c int NOT NULL;']],
  ['temporary', 'CREATE TEMP TABLE a (b int);\nALTER TABLE a ADD c int NOT NULL;'],
  ['emptied before', 'TRUNCATE TABLE "a" CASCADE;\nALTER TABLE "public"."a" ADD c int NOT NULL;'],
  ['emptied row by row', 'DELETE FROM a;\nALTER TABLE a ADD c int NOT NULL;'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('another table that is emptied, or some rows, change nothing', async () => {
  await expectFinding(rule, 'TRUNCATE b;\nALTER TABLE a ADD c int NOT NULL;');
  await expectFinding(rule, 'DELETE FROM a WHERE b = 1;\nALTER TABLE a ADD c int NOT NULL;');
  await expectFinding(rule, ['TRUNCATE a;', 'ALTER TABLE a ADD c int NOT NULL;']);
});

test('a column that is there already, IF NOT EXISTS', async () => {
  await expectClean(rule, {
    before: USERS,
    sql: 'ALTER TABLE users ADD COLUMN IF NOT EXISTS name text NOT NULL;',
  });
});

describeEachPostgres('ADD COLUMN … NOT NULL', ({ createDatabase }) => {
  test('fails with one row, DEFAULT NULL or not, and the rewrite does not', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${USERS} INSERT INTO users SELECT n FROM generate_series(1, 3) n;`);
    await sql`create table bare as select 1 as one`;
    for (const column of ['a int NOT NULL', 'b int DEFAULT NULL NOT NULL', 'c int PRIMARY KEY']) {
      const added = sql.unsafe(`ALTER TABLE bare ADD COLUMN ${column}`);
      await expect(added, column).rejects.toMatchObject({ code: '23502' });
    }
    const { rewrite = [] } = await expectFinding(rule, {
      before: USERS,
      sql: 'ALTER TABLE "users" ADD COLUMN "email" text NOT NULL;',
    });
    const [add, fill, ...rest] = rewrite.map((one) => one.sql);
    await sql.unsafe(add ?? '');
    await sql.unsafe(fill ?? '', [0, 3, 'unknown']);
    for (const one of rest) await sql.unsafe(one);
    expect(await sql`select email from users`).toHaveLength(3);
    await expect(sql`insert into users (id) values (4)`).rejects.toMatchObject({ code: '23502' });
  });
});
