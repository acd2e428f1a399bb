import { describeEachPostgres } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings, expectFixed } from '../../../test/lint/expect-lint.ts';
import { constraintNeedsPreconditionGuard as rule } from './constraint-needs-precondition-guard.ts';

const before = [
  'CREATE TABLE "users" ("id" serial PRIMARY KEY NOT NULL, "email" text, "age" integer, "100% sure" text);',
  'CREATE TABLE "posts" ("a" integer, "b" integer, "user_id" integer, "example" integer, PRIMARY KEY ("a", "b"));',
];

test('SET NOT NULL, by the primary key', async () => {
  const set = 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL';
  const { message, text, level, rewrite } = await expectFinding(rule, { before, sql: `${set};` });
  expect(level).toBe('info');
  expect(text).toBe(set);
  expect(message).toContain('If email of users is null in any row, the migration fails here');
  expect(rewrite).toEqual([
    {
      title: 'this migration, before the statement',
      sql: [
        'DO $guard$',
        '#variable_conflict use_column',
        'DECLARE',
        '  offenders bigint;',
        '  example text;',
        'BEGIN',
        '  SELECT count(*), min(("id")::text) INTO offenders, example',
        '  FROM "users"',
        '  WHERE "email" IS NULL;',
        '  IF offenders > 0 THEN',
        "    RAISE EXCEPTION 'Rows of users without a value in email: %. One of them: id %.', offenders, example",
        "      USING ERRCODE = 'not_null_violation', HINT = 'Correct them, and run the migration again.';",
        '  END IF;',
        'END',
        '$guard$;',
      ].join('\n'),
    },
  ]);
  await expectFixed(
    rule,
    { before, sql: `${set};` },
    `${rewrite?.[0]?.sql}\n--> statement-breakpoint\n${set};`,
  );
});

test('comments that speak to this program stay with the statement', async () => {
  const sql =
    'SELECT 1;--> statement-breakpoint\n-- drizzle-companion: no-transaction\nALTER TABLE users ADD CHECK (age > 0);';
  const { rewrite } = await expectFinding(rule, { before, sql });
  await expectFixed(
    rule,
    { before, sql },
    `SELECT 1;--> statement-breakpoint\n${rewrite?.[0]?.sql}\n--> statement-breakpoint\n-- drizzle-companion: no-transaction\nALTER TABLE users ADD CHECK (age > 0);`,
  );
});

describe('behind a lock of the same migration', () => {
  const add = 'ALTER TABLE "users" ADD COLUMN "n" int;';
  const set = 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;';

  test('the guard counts before it', async () => {
    const sql = `CREATE TABLE "new" ("id" int);--> statement-breakpoint\n${add}--> statement-breakpoint\n${set}`;
    const { rewrite } = await expectFinding(rule, { before, sql });
    expect(rewrite?.[0]?.title).toBe('this migration, before line 2, which takes the first lock');
    await expectFixed(
      rule,
      { before, sql },
      sql.replace(add, `${rewrite?.[0]?.sql}\n--> statement-breakpoint\n${add}`),
    );
  });

  test('the first guard does not hold up the second', async () => {
    const two = `${set}--> statement-breakpoint\nALTER TABLE "users" ADD CHECK ("age" > 0);`;
    const [first] = await expectFindings(rule, { before, sql: two });
    const guarded = `${first?.rewrite?.[0]?.sql}\n--> statement-breakpoint\n${two}`;
    const { edits } = await expectFinding(rule, { before, sql: guarded });
    expect(edits[0]?.start).toBe(guarded.indexOf(set));
  });

  test.each([
    ['rows are written', `${add}\nUPDATE users SET email = lower(email) WHERE id > 7;\n${set}`],
    ['the column gets another type', `ALTER TABLE users ALTER email TYPE text;\n${set}`],
    ['the table is renamed', `ALTER TABLE people RENAME TO users;\n${set}`],
    ['a block may do anything', `${add}\nDO $$ BEGIN EXECUTE 'UPDATE users'; END $$;\n${set}`],
  ])('it cannot, because %s', async (_, sql) => {
    const { edits, rewrite, hint } = await expectFinding(rule, { before, sql });
    expect(edits).toEqual([]);
    expect(rewrite?.[0]?.title).toBe('a migration of its own, before the statement');
    expect(hint).toContain('while the locks of this migration are held');
  });
});

test('several in one statement', async () => {
  const sql = 'ALTER TABLE users ALTER email SET NOT NULL, ADD UNIQUE (email), ADD CHECK (age > 0);';
  expect(await expectFindings(rule, { before, sql })).toHaveLength(3);
});

test('in a DO block nothing is written', async () => {
  const { edits } = await expectFinding(rule, 'DO $$ BEGIN ALTER TABLE a ADD CHECK (b > 0); END $$;');
  expect(edits).toEqual([]);
});

const GUARD = `DO $$ BEGIN
  IF (SELECT count(*) FROM "users" WHERE age < 0) > 0 THEN RAISE EXCEPTION 'no'; END IF;
END $$;`;

test.each([
  ['guarded by hand', `${GUARD}\nALTER TABLE users ADD CHECK (age > 0);`],
  ['guarded by a migration before it', [GUARD, 'ALTER TABLE users ADD CHECK (age > 0);']],
  [
    'guarded by ASSERT',
    `DO $$ BEGIN ASSERT (SELECT bool_and(age > 0) FROM users); END $$; ALTER TABLE users ADD CHECK (age > 0);`,
  ],
  ['NOT VALID', 'ALTER TABLE users ADD CHECK (age > 0) NOT VALID;'],
  ['a key that is NOT VALID', 'ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;'],
  [
    'proven by a CHECK',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER email SET NOT NULL;',
  ],
  ['of a new table', 'CREATE TABLE a (b int); ALTER TABLE a ADD UNIQUE (b); CREATE UNIQUE INDEX ON a (b);'],
  ['with a new column', 'ALTER TABLE users ADD x int UNIQUE CHECK (x > 0) REFERENCES users (id);'],
  ['of a new column in the same statement', 'ALTER TABLE users ADD x int, ADD UNIQUE (x);'],
  [
    'of a new column without values',
    'ALTER TABLE users ADD x int; ALTER TABLE users ADD UNIQUE (x); ALTER TABLE users ADD FOREIGN KEY (x) REFERENCES users (id); ALTER TABLE users ADD CHECK (x > 0);',
  ],
  [
    'of what is unique without it',
    'ALTER TABLE users ADD UNIQUE (email, id); CREATE UNIQUE INDEX ON users (id, age);',
  ],
  ['made of an index', 'ALTER TABLE users ADD UNIQUE USING INDEX users_email;'],
  [
    'of a key that is changed',
    'ALTER TABLE posts DROP CONSTRAINT f; ALTER TABLE posts ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;',
  ],
  ['of an index that is not unique', 'CREATE INDEX ON users (age);'],
  ['to a key that is not known', 'ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES elsewhere;'],
])('a constraint %s', async (_, sql) => {
  await expectClean(rule, { before, sql });
});

test.each([
  ['of another column', GUARD.replace('age', 'email')],
  ['of another table', GUARD.replace('"users"', '"drafts"')],
  ['in a comment', "DO $$ BEGIN /* users age */ RAISE NOTICE 'users age'; END $$;"],
  ['that does not stop', GUARD.replace('RAISE EXCEPTION', 'PERFORM')],
])('a guard %s is none', async (_, guard) => {
  await expectFinding(rule, { before, sql: `${guard} ALTER TABLE users ADD CHECK (age > 0);` });
});

const SET = 'ALTER TABLE users ALTER email SET NOT NULL;';

test.each([
  ['deleted', `DELETE FROM "users" WHERE "email" IS NULL; ${SET}`],
  ['filled', `UPDATE users SET email = '' WHERE email IS NULL; ${SET}`],
  ['filled with all others', `UPDATE users SET email = lower(name); ${SET}`],
  [
    'deleted as doubles',
    'DELETE FROM users a USING users b WHERE a.email = b.email AND a.id > b.id; ALTER TABLE users ADD UNIQUE (email);',
  ],
])('rows in the way that are %s before', async (_, sql) => {
  await expectClean(rule, { before, sql });
});

test.each([
  ['filled in part', `UPDATE users SET email = '' WHERE email IS NULL AND age > 3; ${SET}`],
  ['of another table', `DELETE FROM drafts WHERE email IS NULL; ${SET}`],
  ['with another column', `UPDATE users SET age = 1 WHERE email IS NULL; ${SET}`],
])('rows in the way that are %s', async (_, sql) => {
  await expectFinding(rule, { before, sql });
});

test('a new column that was given values', async () => {
  const sql = 'ALTER TABLE users ADD x int; UPDATE users SET x = age; ALTER TABLE users ADD UNIQUE (x);';
  await expectFinding(rule, { before, sql });
});

test('an expression is not unique because its column is', async () => {
  const { message } = await expectFinding(rule, {
    before: [...before, 'ALTER TABLE users ADD UNIQUE (email);'],
    sql: 'CREATE UNIQUE INDEX ON users (lower("email"));',
  });
  expect(message).toContain('If users has values of lower(email) twice');
});

type Case = {
  readonly sql: string;
  /** Rows in the way, and what the guard says of them. */
  readonly rows: string;
  readonly says: string;
  readonly code: string;
};

const ROWS =
  "INSERT INTO users (email, age) VALUES ('a', 1), ('b', NULL), ('c', 3); INSERT INTO posts VALUES (1, 1, 1, 1), (1, 2, NULL, 2);";

const CASES: readonly Case[] = [
  {
    sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
    rows: 'INSERT INTO users (age) VALUES (1), (2)',
    says: 'Rows of users without a value in email: 2. One of them: id 4.',
    code: '23502',
  },
  {
    sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE("email");',
    rows: "INSERT INTO users (email) VALUES ('a'), ('a'), ('b')",
    says: 'Values of email that users has more than once: 2. One of them: a.',
    code: '23505',
  },
  {
    sql: 'CREATE UNIQUE INDEX "i" ON "users" USING btree (lower("email") text_pattern_ops DESC, ("age" + 1)) WHERE "users"."age" > 0;',
    rows: "INSERT INTO users (email, age) VALUES ('A', 1)",
    says: 'Values of lower(email), (age + 1) that users has more than once: 1. One of them: a, 2.',
    code: '23505',
  },
  {
    sql: 'ALTER TABLE "users" ADD CONSTRAINT "100%" CHECK ("users"."age" > 0 AND "100% sure" <> $$no$$);',
    rows: 'INSERT INTO users (age) VALUES (-1)',
    says: 'Rows of users that break "100%": 1. One of them: id 4.',
    code: '23514',
  },
  {
    sql: 'ALTER TABLE posts ADD CHECK (example > 0);',
    rows: 'INSERT INTO posts VALUES (7, 8, NULL, -1)',
    says: 'Rows of posts that break example > 0: 1. One of them: a, b 7, 8.',
    code: '23514',
  },
  {
    sql: 'ALTER TABLE "posts" ADD CONSTRAINT "f" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action;',
    rows: 'INSERT INTO posts VALUES (2, 1, 99), (2, 2, 99)',
    says: 'Rows of posts whose user_id is not in users: 2. One of the values: 99.',
    code: '23503',
  },
  {
    sql: 'ALTER TABLE posts ADD FOREIGN KEY (example, user_id) REFERENCES posts (a, b);',
    rows: 'INSERT INTO posts VALUES (2, 1, 99, 3)',
    says: 'Rows of posts whose example, user_id is not in posts: 1. One of the values: 3, 99.',
    code: '23503',
  },
];

describeEachPostgres('the guard', (postgres) => {
  test.each(CASES)('$sql', async ({ sql, rows, says, code }) => {
    const { rewrite } = await expectFinding(rule, { before, sql });
    const guard = rewrite?.[0]?.sql ?? '';
    await expectClean(rule, { before, sql: `${guard}\n${sql}` });
    const database = await postgres.createDatabase();
    await database.sql.unsafe([...before, ROWS].join('\n'));
    await database.sql.unsafe(guard);
    await database.sql.unsafe(rows);
    await expect(database.sql.unsafe(guard)).rejects.toMatchObject({ code, message: says });
    // What it counts is what PostgreSQL refuses.
    await expect(database.sql.unsafe(sql)).rejects.toMatchObject({ code });
  });
});

test('IF EXISTS of a table that nothing is known of: where there is none, a guard would fail', async () => {
  const sql = 'ALTER TABLE IF EXISTS a ALTER COLUMN b SET NOT NULL;';
  await expectClean(rule, sql);
  await expectFinding(rule, { before: 'CREATE TABLE a (b int);', sql });
});
