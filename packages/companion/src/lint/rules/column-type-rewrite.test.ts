import { describeEachPostgres } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { columnTypeRewrite as rule } from './column-type-rewrite.ts';

const ORDERS = `CREATE TABLE "orders" (
  "id" bigint PRIMARY KEY, "amount" integer DEFAULT 0 NOT NULL, "code" varchar(10), "at" timestamp, "net" numeric(10, 2)
);`;
const WIDER = 'ALTER TABLE "orders" ALTER COLUMN "amount" SET DATA TYPE bigint;';

test('integer to bigint, as drizzle-kit writes it', async () => {
  const { message, text, hint, level, rewrite } = await expectFinding(rule, { before: ORDERS, sql: WIDER });
  expect(level).toBe('error');
  expect(text).toBe(WIDER.slice(0, -1));
  expect(message).toBe(
    'To turn amount from integer into bigint, PostgreSQL writes all of orders and its indexes anew under ACCESS EXCLUSIVE: every read and every write of orders waits until the last row is written.',
  );
  expect(hint).toContain('what hangs on the first: the default.');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: [
        'ALTER TABLE "orders" ADD COLUMN "amount_new" bigint;',
        `CREATE FUNCTION "orders_amount_new_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."amount_new" := NEW."amount";
  RETURN NEW;
END $$;`,
        `CREATE TRIGGER "orders_amount_new_kept" BEFORE INSERT OR UPDATE ON "orders"
  FOR EACH ROW EXECUTE FUNCTION "orders_amount_new_kept"();`,
      ].join('--> statement-breakpoint\n'),
    },
    {
      title: 'in batches outside of migrations, with id from $1 to $2',
      sql: 'UPDATE "orders" SET "amount_new" = "amount" WHERE "id" > $1 AND "id" <= $2 AND "amount_new" IS NULL AND "amount" IS NOT NULL;',
    },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE "orders" ADD CONSTRAINT "orders_amount_new_present" CHECK ("amount_new" IS NOT NULL) NOT VALID;',
    },
    {
      title: 'a later migration',
      sql: [
        'ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_amount_new_present";',
        'ALTER TABLE "orders" ALTER COLUMN "amount_new" SET NOT NULL;',
        'ALTER TABLE "orders" DROP CONSTRAINT "orders_amount_new_present";',
      ].join('--> statement-breakpoint\n'),
    },
    {
      title: 'a later migration, when the code knows the new type',
      sql: [
        'DROP TRIGGER "orders_amount_new_kept" ON "orders";',
        'DROP FUNCTION "orders_amount_new_kept"();',
        'ALTER TABLE "orders" DROP COLUMN "amount";',
        'ALTER TABLE "orders" RENAME COLUMN "amount_new" TO "amount";',
      ].join('--> statement-breakpoint\n'),
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: ORDERS, sql: one.sql });
});

test('with USING', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: ORDERS,
    sql: `ALTER TABLE "public"."orders" ALTER COLUMN "code" TYPE text COLLATE "C" USING lower("orders"."code") || '!';`,
  });
  expect(rewrite?.[0]?.sql).toContain('ADD COLUMN "code_new" text COLLATE "C";');
  expect(rewrite?.[0]?.sql).toContain(`NEW."code_new" := lower(NEW."code") || '!';`);
  expect(rewrite?.[1]?.sql).toContain(`SET "code_new" = lower("orders"."code") || '!' WHERE`);
});

test('each column of a statement is a finding, what else it does is kept', async () => {
  const found = await expectFindings(rule, {
    before: ORDERS,
    sql: 'ALTER TABLE orders ALTER amount TYPE bigint, ADD COLUMN note text, ALTER COLUMN net TYPE numeric(12, 3);',
  });
  expect(found.map(({ text }) => text)).toEqual([
    'ALTER amount TYPE bigint',
    'ALTER COLUMN net TYPE numeric(12, 3)',
  ]);
  expect(found.map(({ rewrite }) => rewrite?.[0]?.sql.split(';')[0])).toEqual([
    'ALTER TABLE orders ADD COLUMN note text',
    'ALTER TABLE orders ADD COLUMN "net_new" numeric(12, 3)',
  ]);
});

test('tables that foreign keys join to it are locked, too', async () => {
  const { message } = await expectFinding(rule, {
    before: `CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE posts (author int REFERENCES users);`,
    sql: 'ALTER TABLE users ALTER id TYPE bigint;',
  });
  expect(message).toContain('The same lock lies on posts meanwhile.');
});

test('a default of the new type comes with the name', async () => {
  const { rewrite = [] } = await expectFinding(rule, {
    before: ORDERS,
    sql: `ALTER TABLE orders ALTER amount DROP DEFAULT, ALTER amount TYPE text USING amount::text, ALTER amount SET DEFAULT 'none'::text, ALTER code SET DEFAULT 'x';`,
  });
  expect(rewrite[0]?.sql).toMatch(
    /^ALTER TABLE orders ALTER code SET DEFAULT 'x';--> statement-breakpoint\n/,
  );
  expect(rewrite[0]?.sql).not.toContain('none');
  expect(rewrite.at(-1)?.sql).toMatch(/\nALTER TABLE orders ALTER amount SET DEFAULT 'none'::text;$/);
});

describe('a shorter text', () => {
  test.each(['varchar(5)', 'char(5)'])('%s', async (type) => {
    const { level, message, hint, rewrite } = await expectFinding(rule, {
      before: ORDERS,
      sql: `ALTER TABLE "orders" ALTER COLUMN "code" SET DATA TYPE ${type};`,
    });
    expect(level).toBe('error');
    expect(message).toContain('One value of code longer than 5 makes the migration fail (22001).');
    expect(hint).toContain('but still writes orders anew');
    expect(hint).toContain('declare text() and the check() in the schema, delete this migration');
    expect(rewrite).toEqual([
      {
        title: 'this migration',
        sql: 'ALTER TABLE "orders" ADD CONSTRAINT "orders_code_length" CHECK (length("code") <= 5) NOT VALID;',
      },
      {
        title: 'a later migration, when no value is longer',
        sql: 'ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_code_length";',
      },
    ]);
  });

  test('of one whose length is not known', async () => {
    const { level, message } = await expectFinding(rule, 'ALTER TABLE a ALTER b TYPE varchar(5);');
    expect(level).toBe('warning');
    expect(message).toContain('longer than 5 makes the migration fail');
  });

  test('what is cut by USING does not fail', async () => {
    const { message } = await expectFinding(rule, {
      before: ORDERS,
      sql: 'ALTER TABLE orders ALTER code TYPE varchar(5) USING substr(code, 1, 5);',
    });
    expect(message).not.toContain('22001');
  });
});

describe('timestamp to timestamptz', () => {
  const sql = 'ALTER TABLE "orders" ALTER COLUMN "at" SET DATA TYPE timestamp with time zone;';

  test('costs nothing under UTC', async () => {
    const { message, hint, rewrite } = await expectFinding(rule, { before: ORDERS, sql });
    expect(message).toContain('writes all of orders');
    expect(hint).toContain('only the catalog changes');
    expect(rewrite).toEqual([
      { title: 'this migration', sql: `SET LOCAL timezone = 'UTC';--> statement-breakpoint\n${sql}` },
    ]);
    await expectClean(rule, { before: ORDERS, sql: rewrite?.[0]?.sql ?? '' });
  });

  test.each([
    ["SET LOCAL TIME ZONE 'UTC';"],
    ['SET timezone TO utc;'],
    [`SELECT set_config('TimeZone', 'Etc/UTC', true);`],
  ])('after %s', async (set) => {
    await expectClean(rule, { before: ORDERS, sql: `${set}\n${sql}` });
  });

  test.each([
    ["SET LOCAL timezone = 'Europe/Vienna';"],
    ["SET LOCAL timezone = 'UTC'; RESET timezone;"],
    ["SET LOCAL lock_timeout = '1s';"],
  ])('not after %s', async (set) => {
    await expectFinding(rule, { before: ORDERS, sql: `${set}\n${sql}` });
  });

  test('with an index it is built anew, even under UTC', async () => {
    const before = [ORDERS, 'CREATE INDEX orders_at ON orders (at);'];
    const { message } = await expectFinding(rule, { before, sql: `SET LOCAL timezone = 'UTC';\n${sql}` });
    expect(message).toContain('orders_at is built anew under ACCESS EXCLUSIVE');
  });
});

test('an index whose order changes', async () => {
  const { message, hint } = await expectFinding(rule, {
    before: [ORDERS, 'CREATE INDEX orders_code ON orders (code);'],
    sql: 'ALTER TABLE orders ALTER code TYPE citext;',
  });
  expect(message).toContain(
    'The rows of orders stay as they are when code changes its type, but orders_code is built',
  );
  expect(hint).toContain('CONCURRENTLY');
});

test('an index over an expression', async () => {
  const before = [ORDERS, 'CREATE INDEX orders_lower ON orders (lower(code));'];
  const { message } = await expectFinding(rule, {
    before,
    sql: 'ALTER TABLE orders ALTER code TYPE varchar(20);',
  });
  expect(message).toContain('orders_lower is built anew');
});

test('a CHECK that names the column', async () => {
  const { message, hint } = await expectFinding(rule, {
    before: `CREATE TABLE a (b varchar(10) CONSTRAINT b_there CHECK (b <> ''));`,
    sql: 'ALTER TABLE a ALTER b TYPE varchar(20);',
  });
  expect(message).toContain(
    'b_there names it and must be proven again: PostgreSQL reads all of a under ACCESS',
  );
  expect(hint).toContain('NOT VALID');
  await expectClean(rule, {
    before: `CREATE TABLE a (b varchar(10)); ALTER TABLE a ADD CONSTRAINT b_there CHECK (b <> '') NOT VALID;`,
    sql: 'ALTER TABLE a ALTER b TYPE varchar(20);',
  });
});

describe('an enum made anew, as drizzle-kit does it', () => {
  const before = `CREATE TYPE "public"."role" AS ENUM('admin', 'guest', 'user');
CREATE TABLE "users" ("id" bigint PRIMARY KEY, "role" "public"."role");`;
  const sql = `ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."role";--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('admin', 'user', 'owner');--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE "public"."role" USING "role"::"public"."role";`;

  test('that does not get through is told by the rule of enums', async () => {
    await expectClean(rule, { before, sql });
  });

  test('that gets through is an info, once, without SQL that would undo it', async () => {
    const { level, message, text, hint, rewrite } = await expectFinding(rule, {
      before,
      sql: `UPDATE "users" SET "role" = 'user' WHERE "role" = 'guest';--> statement-breakpoint\n${sql}`,
    });
    expect(level).toBe('info');
    expect(text).toBe('ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE text');
    expect(message).toContain('from role into text');
    expect(message).toContain(', and a second time on the way back');
    expect(hint).toContain('For a small table that is fine');
    expect(hint).toContain('straight to the new one writes it once');
    expect(hint).toContain('put the value back into pgEnum, delete this migration (its SQL, its snapshot,');
    expect(hint).toContain(`\`CHECK ("role" NOT IN ('guest'))\``);
    expect(rewrite).toBeUndefined();
  });

  test.each([
    `USING (CASE "role"::text WHEN 'guest' THEN 'user' ELSE "role"::text END)::"role"`,
    `USING "role"::text::"role"`,
  ])('by way of another name, %s, with the default moved in one statement', async (using) => {
    const { level, rewrite, hint } = await expectFinding(rule, {
      before: `${before}\nALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'user';`,
      sql: `UPDATE "users" SET "role" = 'user' WHERE "role" = 'guest';
ALTER TYPE "role" RENAME TO "role_old";
CREATE TYPE "role" AS ENUM('admin', 'user');
ALTER TABLE "users" ALTER COLUMN "role" DROP DEFAULT, ALTER COLUMN "role" TYPE "role" ${using}, ALTER COLUMN "role" SET DEFAULT 'user'::"role";
DROP TYPE "role_old";`,
    });
    expect(level).toBe('info');
    expect(hint).toContain('For a small table that is fine');
    expect(rewrite).toBeUndefined();
  });

  test('whose columns move in later migrations', async () => {
    const found = await expectFindings(rule, {
      before: `${before}\nCREATE TABLE "teams" ("role" "role");`,
      sql: [
        `UPDATE "users" SET "role" = 'user' WHERE "role" = 'guest';
ALTER TYPE "role" RENAME TO "role_old";
CREATE TYPE "role" AS ENUM('admin', 'user');
ALTER TABLE "users" ALTER COLUMN "role" TYPE "role" USING "role"::text::"role";`,
        `DELETE FROM "teams" WHERE "role" = 'guest';
ALTER TABLE "teams" ALTER COLUMN "role" TYPE "role" USING "role"::text::"role";
DROP TYPE "role_old";`,
      ],
    });
    expect(found.map(({ level, rewrite }) => [level, rewrite])).toEqual([
      ['info', undefined],
      ['info', undefined],
    ]);
  });

  test('for new values, or for another order', async () => {
    const more = await expectFinding(rule, {
      before,
      sql: sql.replace(`'user', 'owner'`, `'guest', 'user', 'owner'`),
    });
    expect(more.rewrite).toEqual([
      { title: 'this migration', sql: `ALTER TYPE "public"."role" ADD VALUE 'owner';` },
    ]);
    const order = await expectFinding(rule, {
      before,
      sql: sql.replace(`'user', 'owner'`, `'user', 'guest'`),
    });
    expect(order.hint).toContain('Only the order changes');
  });

  test('where the table is not known', async () => {
    const { level } = await expectFinding(rule, sql);
    expect(level).toBe('warning');
  });

  test('in a table of the same deployment', async () => {
    await expectClean(rule, [before, sql]);
  });
});

test('a new column in an old table: that table is written all the same', async () => {
  const { hint, rewrite } = await expectFinding(rule, {
    before: ORDERS,
    sql: 'ALTER TABLE orders ADD note int;\nALTER TABLE orders ALTER note TYPE text;',
  });
  expect(hint).toContain('give it this type where it is made');
  expect(rewrite).toBeUndefined();
});

test('a type that is not known is a warning', async () => {
  const { level, message } = await expectFinding(rule, 'ALTER TABLE a ALTER b TYPE varchar(20);');
  expect(level).toBe('warning');
  expect(message).toContain('What type b has now is not known here. Unless');
  const { level: certain } = await expectFinding(rule, 'ALTER TABLE a ALTER b TYPE bigint;');
  expect(certain).toBe('error');
  const { message: foreign } = await expectFinding(rule, {
    before: 'CREATE TABLE a (b stranger);',
    sql: 'ALTER TABLE a ALTER b TYPE text;',
  });
  expect(foreign).toContain('What stranger and text have in common');
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(rule, { before: ORDERS, sql: `DO $$ BEGIN ${WIDER} END $$;` });
  expect(rewrite?.[0]?.sql).toContain('ADD COLUMN "amount_new" bigint;');
});

test('types of a snapshot', async () => {
  const column = (name: string, type: string) => ({ name, type, primaryKey: false, notNull: false });
  const snapshot = {
    version: '7',
    dialect: 'postgresql',
    tables: {
      'public.users': {
        name: 'users',
        schema: '',
        columns: { a: column('a', 'varchar(10)'), b: column('b', 'integer') },
        indexes: {},
        foreignKeys: {},
        compositePrimaryKeys: {},
        uniqueConstraints: {},
      },
    },
    enums: {},
  };
  await expectClean(rule, {
    snapshot,
    sql: 'ALTER TABLE "users" ALTER COLUMN "a" SET DATA TYPE varchar(20);',
  });
  await expectFinding(rule, { snapshot, sql: 'ALTER TABLE "users" ALTER COLUMN "b" SET DATA TYPE bigint;' });
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { before: ORDERS, sql: WIDER, settings: { smallTables: ['orders'] } });
});

test.each([
  ['a longer varchar', 'ALTER TABLE "orders" ALTER COLUMN "code" SET DATA TYPE varchar(20);'],
  ['no limit', 'ALTER TABLE "orders" ALTER COLUMN "code" SET DATA TYPE text;'],
  ['the same type', 'ALTER TABLE "orders" ALTER COLUMN "amount" SET DATA TYPE integer;'],
  ['a larger numeric', 'ALTER TABLE "orders" ALTER COLUMN "net" SET DATA TYPE numeric(12, 2);'],
  ['a cast that does nothing', 'ALTER TABLE orders ALTER code TYPE text USING code::text;'],
  ['a default', 'ALTER TABLE "orders" ALTER COLUMN "amount" SET DEFAULT 1;'],
])('%s', async (_, sql) => {
  await expectClean(rule, { before: ORDERS, sql });
});

test.each([
  ['made in the same migration', `${ORDERS}\n${WIDER}`],
  ['made in the same deployment', [ORDERS, WIDER]],
  ['temporary', 'CREATE TEMP TABLE a (b int); ALTER TABLE a ALTER b TYPE bigint;'],
])('a table that is %s', async (_, sql) => {
  await expectClean(rule, sql);
});

describeEachPostgres('a shorter text', ({ createDatabase }) => {
  test('fails on a long value, and with the rewrite only new ones do', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${ORDERS} INSERT INTO orders (id, code) VALUES (1, 'abcdefgh');`);
    const shorter = 'ALTER TABLE "orders" ALTER COLUMN "code" SET DATA TYPE varchar(5);';
    await expect(sql.unsafe(shorter)).rejects.toMatchObject({ code: '22001' });
    const { rewrite = [] } = await expectFinding(rule, { before: ORDERS, sql: shorter });
    await sql.unsafe(rewrite[0]?.sql ?? '');
    await expect(sql`insert into orders (id, code) values (2, 'abcdefgh')`).rejects.toMatchObject({
      code: '23514',
    });
    await sql`update orders set code = left(code, 5)`;
    await sql.unsafe(rewrite[1]?.sql ?? '');
    await sql.unsafe(shorter);
  });
});

describeEachPostgres('the rewrite', ({ createDatabase }) => {
  test('writes nothing anew, and ends where the statement would have', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${ORDERS} INSERT INTO orders SELECT n, n FROM generate_series(1, 3) n;`);
    const { rewrite = [] } = await expectFinding(rule, { before: ORDERS, sql: WIDER });
    const [add, fill, ...rest] = rewrite.map((one) => one.sql);
    const file = () => sql`select pg_relation_filenode('orders') as file`;
    const before = await file();
    await sql.unsafe(add ?? '');
    await sql`insert into orders values (4, 4)`;
    await sql.unsafe(fill ?? '', [0, 9]);
    await sql`update orders set amount = 7 where id = 1`;
    for (const one of rest) await sql.unsafe(one);
    expect(await file()).toEqual(before);
    expect((await sql`select amount::int from orders order by id`).map(({ amount }) => amount)).toEqual([
      7, 2, 3, 4,
    ]);
    expect(
      await sql`select data_type, is_nullable from information_schema.columns where column_name = 'amount'`,
    ).toEqual([{ data_type: 'bigint', is_nullable: 'NO' }]);
  });

  test('of a CHECK that is NOT VALID is none: it is not proven', async () => {
    const { sql } = await createDatabase();
    await sql`create table a (b varchar(10))`;
    await sql`insert into a values ('')`;
    await sql`alter table a add constraint there check (b <> '') not valid`;
    await sql`alter table a alter b type varchar(20)`;
    expect(await sql`select convalidated from pg_constraint where conname = 'there'`).toEqual([
      { convalidated: false },
    ]);
  });

  test('of times writes nothing anew', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${ORDERS} INSERT INTO orders SELECT n, n FROM generate_series(1, 3) n;`);
    const { rewrite = [] } = await expectFinding(rule, {
      before: ORDERS,
      sql: 'ALTER TABLE orders ALTER at TYPE timestamptz;',
    });
    const file = () => sql`select pg_relation_filenode('orders') as file`;
    const before = await file();
    await sql.begin((transaction) => transaction.unsafe(rewrite[0]?.sql ?? ''));
    expect(await file()).toEqual(before);
    await sql.unsafe(`SET timezone = 'Europe/Vienna'; ALTER TABLE orders ALTER at TYPE timestamp;`);
    expect(await file()).not.toEqual(before);
  });
});
