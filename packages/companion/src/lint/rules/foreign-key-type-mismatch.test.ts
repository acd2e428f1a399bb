import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, lint } from '../../../test/lint/expect-lint.ts';
import { foreignKeyTypeMismatch as rule } from './foreign-key-type-mismatch.ts';

const USERS = 'CREATE TABLE "users" ("id" bigserial PRIMARY KEY NOT NULL, "code" text UNIQUE);';

test('integer that refers to bigint, as drizzle-kit writes it', async () => {
  const key =
    'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action';
  const { message, hint, text, level } = await expectFinding(
    rule,
    `${USERS}--> statement-breakpoint\nCREATE TABLE "posts" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"author_id" integer\n);\n--> statement-breakpoint\n${key};`,
  );
  expect(text).toBe(key);
  expect(message).toContain('posts.author_id is integer, and refers to users.id, which is bigserial');
  expect(message).toContain('Rows of users.id above 2147483647 cannot be referred to');
  expect(level).toBe('warning');
  expect(hint).toContain('bigint');
});

test('what PostgreSQL refuses', async () => {
  const { message, text, level } = await expectFinding(rule, {
    before: USERS,
    sql: 'CREATE TABLE posts (id int, author_id uuid, CONSTRAINT f FOREIGN KEY (author_id) REFERENCES users, note text);',
  });
  expect(text).toBe('CONSTRAINT f FOREIGN KEY (author_id) REFERENCES users');
  expect(level).toBe('error');
  expect(message).toContain('refuses the key (42804)');
});

test('in an ADD COLUMN, by the columns that a snapshot knows', async () => {
  const { text } = await expectFinding(rule, {
    before: USERS,
    sql: 'ALTER TABLE posts ADD author_id smallint REFERENCES users;',
  });
  expect(text).toBe('ALTER TABLE posts ADD author_id smallint REFERENCES users');
});

test('of several columns, the one that differs', async () => {
  const { message } = await expectFinding(rule, {
    before: 'CREATE TABLE a (b int, c date, PRIMARY KEY (b, c));',
    sql: 'CREATE TABLE d (e int, f timestamptz, FOREIGN KEY (e, f) REFERENCES a (b, c));',
  });
  expect(message).toContain('d.f is timestamptz, and refers to a.c, which is date');
  expect(message).toContain('time zone of the session');
});

test.each([
  ['the same type', 'CREATE TABLE p (id int, author_id bigint REFERENCES users (id));'],
  ['a wider one', 'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id bigint REFERENCES a (id));'],
  ['serial and integer', 'CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a);'],
  ['text and varchar', 'CREATE TABLE p (code varchar(20) REFERENCES users (code));'],
  ['a table that nothing is known of', 'CREATE TABLE p (x uuid REFERENCES somewhere (id));'],
  ['a type that nothing is known of', 'CREATE TABLE p (x app.user_id REFERENCES users (id));'],
  [
    'the right type in the end',
    'CREATE TABLE p (x int REFERENCES users (id)); ALTER TABLE p ALTER x TYPE bigint;',
  ],
  [
    'a key that is dropped again',
    'CREATE TABLE p (x int CONSTRAINT f REFERENCES users (id)); ALTER TABLE p DROP CONSTRAINT f;',
  ],
  ['itself', 'CREATE TABLE p (id uuid PRIMARY KEY, parent_id uuid REFERENCES p (id));'],
])('%s', async (_, sql) => {
  await expectClean(rule, { before: USERS, sql });
});

const TYPES = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar', 'char(3)'].concat([
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
  'bool',
  'bytea',
  'int4[]',
]);

describeEachPostgres('what is called refused', (postgres) => {
  test('PostgreSQL refuses, and nothing else', async () => {
    const { sql } = await postgres.createDatabase();
    const refused: string[] = [];
    const told: string[] = [];
    for (const [place, to] of TYPES.entries()) {
      await sql.unsafe(`CREATE TABLE t${place} (id ${to} PRIMARY KEY)`);
      for (const from of TYPES) {
        const create = `CREATE TABLE f (x ${from} REFERENCES t${place})`;
        const error = await sql.unsafe(create).then(
          () => null,
          ({ code }: { code: string }) => code,
        );
        if (error === null) await sql.unsafe('DROP TABLE f');
        else refused.push(`${from} → ${to}: ${error}`);
        const [found] = await lint(rule, {
          before: `CREATE TABLE t${place} (id ${to} PRIMARY KEY);`,
          sql: `${create};`,
        });
        if (found?.finding.message.includes('42804')) told.push(`${from} → ${to}: 42804`);
      }
    }
    expect(refused.length).toBeGreaterThan(100);
    expect(told).toEqual(refused);
  });
});
