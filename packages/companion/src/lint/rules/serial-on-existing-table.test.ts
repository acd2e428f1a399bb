import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { serialOnExistingTable as rule } from './serial-on-existing-table.ts';

const USERS = 'CREATE TABLE "users" ("id" bigint PRIMARY KEY, "name" text);';
const SERIAL = 'ALTER TABLE "users" ADD COLUMN "number" serial NOT NULL;';
const IDENTITY =
  'ALTER TABLE "users" ADD COLUMN "number" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "users_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);';

const REQUIRED = [
  {
    title: 'a later migration',
    sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_number_present" CHECK ("number" IS NOT NULL) NOT VALID;',
  },
  {
    title: 'a later migration',
    sql: [
      'ALTER TABLE "users" VALIDATE CONSTRAINT "users_number_present";',
      'ALTER TABLE "users" ALTER COLUMN "number" SET NOT NULL;',
      'ALTER TABLE "users" DROP CONSTRAINT "users_number_present";',
    ].join('--> statement-breakpoint\n'),
  },
];

test('a serial column', async () => {
  const { message, text, rewrite } = await expectFinding(rule, { before: USERS, sql: SERIAL });
  expect(text).toBe('ADD COLUMN "number" serial NOT NULL');
  expect(message).toContain('Every row of users gets a number of its own in number');
  expect(message).toContain('ACCESS EXCLUSIVE');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: [
        'CREATE SEQUENCE "users_number_seq" AS integer;',
        `ALTER TABLE "users" ADD COLUMN "number" integer, ALTER COLUMN "number" SET DEFAULT nextval('"users_number_seq"');`,
        'ALTER SEQUENCE "users_number_seq" OWNED BY "users"."number";',
      ].join('--> statement-breakpoint\n'),
    },
    {
      title: 'in batches outside of migrations, with id from $1 to $2',
      sql: `UPDATE "users" SET "number" = nextval('"users_number_seq"') WHERE "id" > $1 AND "id" <= $2 AND "number" IS NULL;`,
    },
    ...REQUIRED,
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: USERS, sql: one.sql });
});

test('an identity, as drizzle-kit writes it', async () => {
  const { rewrite } = await expectFinding(rule, { before: USERS, sql: IDENTITY });
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: [
        'CREATE SEQUENCE "users_number_fill" AS integer;',
        `ALTER TABLE "users" ADD COLUMN "number" integer, ALTER COLUMN "number" SET DEFAULT nextval('"users_number_fill"');`,
      ].join('--> statement-breakpoint\n'),
    },
    expect.objectContaining({ title: 'in batches outside of migrations, with id from $1 to $2' }),
    ...REQUIRED,
    {
      title: 'a later migration',
      sql: [
        'ALTER TABLE "users" ALTER COLUMN "number" DROP DEFAULT, ALTER COLUMN "number" ADD GENERATED ALWAYS AS IDENTITY (sequence name "users_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);',
        `SELECT setval(pg_get_serial_sequence('"users"', 'number'), nextval('"users_number_fill"'), false);`,
        'DROP SEQUENCE "users_number_fill";',
      ].join('--> statement-breakpoint\n'),
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: USERS, sql: one.sql });
});

test('a serial primary key, in a schema', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE shop.orders ADD COLUMN id bigserial PRIMARY KEY, ADD note text;',
  );
  expect(rewrite?.[0]?.sql).toBe(
    [
      'CREATE SEQUENCE "shop"."orders_id_seq" AS bigint;',
      `ALTER TABLE shop.orders ADD COLUMN id bigint, ADD note text, ALTER COLUMN "id" SET DEFAULT nextval('"shop"."orders_id_seq"');`,
      'ALTER SEQUENCE "shop"."orders_id_seq" OWNED BY "shop"."orders"."id";',
    ].join('--> statement-breakpoint\n'),
  );
  expect(rewrite?.at(-1)?.sql).toBe(
    'ALTER TABLE shop.orders ADD CONSTRAINT "orders_pkey" PRIMARY KEY USING INDEX "orders_pkey";',
  );
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(rule, 'DO $$ BEGIN ALTER TABLE a ADD b serial; END $$;');
  expect(rewrite?.[0]?.sql).toContain('ALTER TABLE a ADD b integer, ');
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: SERIAL, settings: { smallTables: ['users'] } });
});

test.each([
  ['a table that is new', 'CREATE TABLE a (b int);\nALTER TABLE a ADD id serial PRIMARY KEY;'],
  [
    'one that is new in this deployment',
    ['CREATE TABLE a (b int);', 'ALTER TABLE a ADD id int GENERATED ALWAYS AS IDENTITY;'],
  ],
  ['a temporary one', 'CREATE TEMP TABLE a (b int);\nALTER TABLE a ADD id serial;'],
  ['a column that becomes an identity', 'ALTER TABLE a ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;'],
  ['a plain number', 'ALTER TABLE "users" ADD COLUMN "number" integer DEFAULT 0 NOT NULL;'],
  ['a type of that name', 'ALTER TABLE a ADD b mine.serial;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

describeEachPostgres('the rewrite', ({ createDatabase }) => {
  test.each([
    ['serial', SERIAL],
    ['identity', IDENTITY],
  ])('of %s writes nothing anew, and ends where the statement would have', async (_, added) => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${USERS} INSERT INTO users SELECT n FROM generate_series(1, 3) n;`);
    const { rewrite = [] } = await expectFinding(rule, { before: USERS, sql: added });
    const [add, fill, ...rest] = rewrite.map((one) => one.sql);
    const file = () => sql`select pg_relation_filenode('users') as file`;
    const before = await file();
    await sql.unsafe(add ?? '');
    await sql`insert into users (id) values (4)`;
    await sql.unsafe(fill ?? '', [0, 9]);
    for (const one of rest) await sql.unsafe(one);
    await sql`insert into users (id) values (5)`;
    expect(await file()).toEqual(before);
    expect((await sql`select number from users order by 1`).map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    const shape = () => sql`
      select column_default, is_nullable, is_identity, identity_generation, data_type
      from information_schema.columns where column_name = 'number'`;
    const reached = await shape();
    await sql`alter table users drop column number`;
    await sql.unsafe(added);
    expect(await shape()).toEqual(reached);
    expect(await file()).not.toEqual(before);
  });
});
