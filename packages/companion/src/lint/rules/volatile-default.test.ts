import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { volatileDefault as rule } from './volatile-default.ts';

const USERS = 'CREATE TABLE "users" ("id" bigint PRIMARY KEY, "name" text);';

test('.defaultRandom().notNull() on a table that is there', async () => {
  const { message, text, level, rewrite } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE "users" ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint\nSELECT 1;',
  });
  expect(level).toBe('error');
  expect(text).toBe('ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL');
  expect(message).toContain('The default of token is another value for each row.');
  expect(message).toContain('all of users and its indexes anew under ACCESS EXCLUSIVE');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE "users" ADD COLUMN "token" uuid, ALTER COLUMN "token" SET DEFAULT gen_random_uuid();',
    },
    {
      title: 'in batches outside of migrations, with id from $1 to $2',
      sql: 'UPDATE "users" SET "token" = gen_random_uuid() WHERE "id" > $1 AND "id" <= $2 AND "token" IS NULL;',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_token_present" CHECK ("token" IS NOT NULL) NOT VALID;',
    },
    {
      title: 'a later migration',
      sql: [
        'ALTER TABLE "users" VALIDATE CONSTRAINT "users_token_present";',
        'ALTER TABLE "users" ALTER COLUMN "token" SET NOT NULL;',
        'ALTER TABLE "users" DROP CONSTRAINT "users_token_present";',
      ].join('--> statement-breakpoint\n'),
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: USERS, sql: one.sql });
});

test('a nullable one among others', async () => {
  const { text, rewrite } = await expectFinding(
    rule,
    `ALTER TABLE ONLY "s"."a" ADD COLUMN "b" timestamptz DEFAULT now() NOT NULL, ADD "c" text UNIQUE DEFAULT md5(random()::text) CHECK ("c" <> '');`,
  );
  expect(text).toMatch(/^ADD "c" text .*\)$/);
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    `ALTER TABLE ONLY "s"."a" ADD COLUMN "b" timestamptz DEFAULT now() NOT NULL, ADD "c" text UNIQUE CHECK ("c" <> ''), ALTER COLUMN "c" SET DEFAULT md5(random()::text);`,
    'UPDATE "s"."a" SET "c" = md5(random()::text) WHERE ctid = ANY (ARRAY(SELECT ctid FROM "s"."a" WHERE "c" IS NULL LIMIT 10000));',
  ]);
});

test('two of them are one finding', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    `ALTER TABLE a ADD b uuid DEFAULT gen_random_uuid(), ADD c float DEFAULT random();`,
  );
  expect(message).toContain('Each default of b, c is');
  expect(text).toMatch(/^ALTER TABLE a/);
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER TABLE a ADD b uuid, ADD c float, ALTER COLUMN "b" SET DEFAULT gen_random_uuid(), ALTER COLUMN "c" SET DEFAULT random();',
  );
  expect(rewrite).toHaveLength(3);
});

test('a primary key comes last, by way of its index', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE "a" ADD COLUMN "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL;',
  );
  expect(rewrite?.[0]?.sql).toBe(
    'ALTER TABLE "a" ADD COLUMN "id" uuid, ALTER COLUMN "id" SET DEFAULT gen_random_uuid();',
  );
  expect(rewrite?.slice(-2)).toEqual([
    { title: 'a migration of its own', sql: 'CREATE UNIQUE INDEX CONCURRENTLY "a_pkey" ON "a" ("id");' },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "a" ADD CONSTRAINT "a_pkey" PRIMARY KEY USING INDEX "a_pkey";',
    },
  ]);
});

test('a function that a migration declares', async () => {
  const before = `CREATE FUNCTION ulid() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';`;
  const { level } = await expectFinding(rule, { before, sql: 'ALTER TABLE a ADD b text DEFAULT ulid();' });
  expect(level).toBe('error');
  await expectClean(rule, {
    before: before.replace('plpgsql', 'plpgsql STABLE'),
    sql: 'ALTER TABLE a ADD b text DEFAULT ulid();',
  });
});

test('one that nobody declares is a warning', async () => {
  const { level, message, rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a ADD b text DEFAULT nanoid(12) NOT NULL;',
  );
  expect(level).toBe('warning');
  expect(message).toContain('if a function in it is volatile');
  expect(rewrite?.[0]?.sql).toContain('SET DEFAULT nanoid(12);');
});

test('a domain with a constraint', async () => {
  const { message, hint, rewrite } = await expectFinding(rule, {
    before: `CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');`,
    sql: 'ALTER TABLE a ADD b email;',
  });
  expect(message).toContain('The domain of b has a constraint');
  expect(hint).toContain('NOT VALID');
  expect(rewrite).toBeUndefined();
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'DO $$ BEGIN ALTER TABLE a ADD b float DEFAULT random(); END $$;',
  );
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE a ADD b float, ALTER COLUMN "b" SET DEFAULT random();');
});

test('a table that the config calls small', async () => {
  const sql = 'ALTER TABLE settings ADD k uuid DEFAULT gen_random_uuid();';
  await expectClean(rule, { sql, settings: { smallTables: ['settings'] } });
});

test.each([
  ['no default', 'ALTER TABLE "users" ADD COLUMN "token" uuid;'],
  ['a constant', `ALTER TABLE "users" ADD COLUMN "plan" "public"."plan" DEFAULT 'free' NOT NULL;`],
  ['json', `ALTER TABLE "users" ADD COLUMN "prefs" jsonb DEFAULT '{}'::jsonb NOT NULL;`],
  ['an array', `ALTER TABLE "users" ADD COLUMN "tags" text[] DEFAULT '{}'::text[] NOT NULL;`],
  ['now()', 'ALTER TABLE "users" ADD COLUMN "at" timestamp with time zone DEFAULT now() NOT NULL;'],
  ['CURRENT_TIMESTAMP', 'ALTER TABLE users ADD "at" timestamptz DEFAULT CURRENT_TIMESTAMP;'],
  ['a default for new rows alone', 'ALTER TABLE users ALTER COLUMN k SET DEFAULT gen_random_uuid();'],
  ['identity', 'ALTER TABLE users ADD n int GENERATED ALWAYS AS IDENTITY;'],
  ['serial', 'ALTER TABLE users ADD n serial NOT NULL;'],
  ['generated', 'ALTER TABLE users ADD n int GENERATED ALWAYS AS (id * 2) STORED;'],
  ['a type that nobody knows', 'ALTER TABLE users ADD n stranger;'],
  ['a domain without a constraint', 'CREATE DOMAIN d AS int DEFAULT 7; ALTER TABLE a ADD b d;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test.each([
  ['made two lines above', 'CREATE TABLE a (b int);\nALTER TABLE a ADD c uuid DEFAULT gen_random_uuid();'],
  [
    'made in the same deployment',
    ['CREATE TABLE a (b int);', 'ALTER TABLE a ADD c uuid DEFAULT gen_random_uuid();'],
  ],
  ['temporary', 'CREATE TEMP TABLE a (b int);\nALTER TABLE a ADD c uuid DEFAULT gen_random_uuid();'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

describeEachPostgres('the rewrite', ({ createDatabase }) => {
  test('writes nothing anew, and ends where the statement would have', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${USERS} INSERT INTO users SELECT n FROM generate_series(1, 3) n;`);
    const added = 'ALTER TABLE "users" ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL;';
    const { rewrite = [] } = await expectFinding(rule, { before: USERS, sql: added });
    const [add, fill, ...rest] = rewrite.map((one) => one.sql);
    const file = () => sql`select pg_relation_filenode('users') as file`;
    const before = await file();
    await sql.unsafe(add ?? '');
    expect(await sql`insert into users values (4) returning token`).toEqual([{ token: expect.any(String) }]);
    await sql.unsafe(fill ?? '', [0, 9]);
    for (const one of rest) await sql.unsafe(one);
    expect(await file()).toEqual(before);
    expect(await sql`select distinct token from users`).toHaveLength(4);
    expect(
      await sql`select column_default, is_nullable from information_schema.columns where column_name = 'token'`,
    ).toEqual([{ column_default: 'gen_random_uuid()', is_nullable: 'NO' }]);
    await sql.unsafe(added.replace('token', 'other'));
    expect(await file()).not.toEqual(before);
  });
});
