import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings, lint } from '../../../test/lint/expect-lint.ts';
import { enumValueUsedInSameTransaction as rule } from './enum-value-used-in-same-transaction.ts';

const BEFORE = `CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN temper AS mood;
CREATE TABLE people (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[], note text, t temper);
CREATE TABLE by_mood (m mood) PARTITION BY LIST (m);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
INSERT INTO people VALUES (1, 'sad', '{sad}', 'sad');`;
const ADD = `ALTER TYPE "public"."mood" ADD VALUE 'happy';`;

const REFUSED = [
  `INSERT INTO people (id, m) VALUES (2, 'happy')`,
  `INSERT INTO people VALUES (2, 'happy')`,
  `INSERT INTO people (id, m) SELECT 3, 'happy' WHERE false`,
  `INSERT INTO people (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET m = 'happy'`,
  `UPDATE people SET m = 'happy' WHERE false`,
  `UPDATE people p SET note = 'x' WHERE p.m = 'happy'`,
  `DELETE FROM people WHERE m IN ('ok', 'happy')`,
  `UPDATE people SET ms = ARRAY['happy']::mood[]`,
  `UPDATE people SET ms = '{sad,happy}'`,
  `SELECT 1 FROM people WHERE 'happy' = ANY (ms)`,
  `SELECT 1 FROM people WHERE m = ANY ('{happy}')`,
  `SELECT CASE m WHEN 'happy' THEN 1 END FROM people`,
  `SELECT coalesce(m, 'happy') FROM people`,
  `UPDATE people SET m = CASE WHEN id = 1 THEN 'happy' ELSE m END`,
  `UPDATE people SET t = 'happy'`,
  `SELECT 'happy'::"public"."mood"`,
  `SELECT 'happy'::text::mood`,
  `ALTER TABLE people ALTER COLUMN m SET DEFAULT 'happy'`,
  `ALTER TABLE "people" ALTER COLUMN "m" SET DEFAULT 'happy'::"public"."mood"`,
  `ALTER TABLE people ALTER COLUMN ms SET DEFAULT '{happy}'`,
  `ALTER TABLE people ADD COLUMN m2 mood DEFAULT 'happy' NOT NULL`,
  `CREATE TABLE pets (m mood DEFAULT 'happy')`,
  `CREATE TABLE pets (m mood CHECK (m <> 'happy'))`,
  `CREATE TABLE pets (m mood, CONSTRAINT c CHECK (m <> 'happy'))`,
  `ALTER TABLE people ADD CONSTRAINT c CHECK (m IS DISTINCT FROM 'happy')`,
  `ALTER TABLE people ADD COLUMN g boolean GENERATED ALWAYS AS (m = 'happy') STORED`,
  `CREATE INDEX ON people (id) WHERE m = 'happy'`,
  `CREATE VIEW glad AS SELECT * FROM people WHERE m = 'happy'`,
  `CREATE POLICY glad ON people USING (m = 'happy')`,
  `CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW WHEN (NEW.m = 'happy') EXECUTE FUNCTION note_change()`,
  `CREATE TABLE by_mood_happy PARTITION OF by_mood FOR VALUES IN ('happy')`,
  `CREATE FUNCTION glad(x mood DEFAULT 'happy') RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  `CREATE FUNCTION glad() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM people WHERE m = 'happy' $$`,
  `DO $$ BEGIN UPDATE people SET m = 'happy'; END $$`,
];

const ALLOWED = [
  `INSERT INTO people (id, m, note) VALUES (2, 'ok', 'happy')`,
  `UPDATE people SET note = 'happy' WHERE note = 'happy'`,
  `SELECT 1 FROM people WHERE m::text = 'happy'`,
  `ALTER TABLE people ADD CONSTRAINT c CHECK (m::text <> 'happy')`,
  `ALTER TABLE people ALTER COLUMN m SET DEFAULT 'happy'::text::mood`,
  `CREATE FUNCTION glad() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM people WHERE m = 'happy'); END $$`,
  `DO $$ BEGIN IF false THEN UPDATE people SET m = 'happy'; END IF; END $$`,
  `COMMENT ON TYPE mood IS 'happy'`,
  `SELECT 'happy' AS word`,
  `CREATE TABLE words (word text DEFAULT 'happy' CHECK (word <> 'happy'))`,
  `ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'; UPDATE people SET m = 'fine'`,
  `SET check_function_bodies = off; CREATE FUNCTION glad() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM people WHERE m = 'happy' $$`,
  `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE pets (m mood DEFAULT 'happy')`,
];

describe('what PostgreSQL refuses, the rule finds', () => {
  test.each(REFUSED)('%s', async (use) => {
    const { message } = await expectFinding(rule, { before: BEFORE, sql: `${ADD}\n${use};` });
    expect(message).toContain("PostgreSQL refuses 'happy' here (55P04");
  });
});

describe('what it allows, the rule allows', () => {
  test.each(ALLOWED)('%s', async (use) => {
    await expectClean(rule, { before: BEFORE, sql: `${ADD}\n${use};` });
  });
});

describeEachPostgres('the rule knows the truth', ({ createDatabase, version }) => {
  test.each([...REFUSED.map((use) => [use, '55P04']), ...ALLOWED.map((use) => [use, 'done'])])(
    '%s: %s',
    async (use, expected) => {
      const { sql } = await createDatabase();
      await sql.unsafe(BEFORE);
      await expect(runTogether(sql, [ADD, use ?? ''])).resolves.toBe(expected);
    },
  );

  const OF_NEW_TYPE = [`CREATE TYPE t AS ENUM ('a');`, `ALTER TYPE t ADD VALUE 'b';`, `SELECT 'b'::t;`];

  test('a type that is new itself', async () => {
    const { sql } = await createDatabase();
    const outcome = await runTogether(sql, OF_NEW_TYPE);
    const found = await lint(rule, { sql: OF_NEW_TYPE.join('\n'), settings: { postgresVersion: version } });
    expect([outcome, found.length]).toEqual(version < 17 ? ['55P04', 1] : ['done', 0]);
  });
});

async function runTogether(sql: TestDatabase['sql'], statements: readonly string[]): Promise<string> {
  try {
    await sql.begin(async (transaction) => {
      for (const statement of statements) await transaction.unsafe(statement);
    });
    return 'done';
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

test('the migration cut in two, ready to paste', async () => {
  const sql = [
    `ALTER TYPE "public"."mood" ADD VALUE 'meh' BEFORE 'ok';--> statement-breakpoint`,
    `ALTER TYPE "public"."mood" ADD VALUE 'happy';--> statement-breakpoint`,
    `ALTER TABLE "people" ALTER COLUMN "m" SET DEFAULT 'happy';--> statement-breakpoint`,
    `UPDATE "people" SET "m" = 'happy' WHERE "m" = 'ok';`,
  ].join('\n');
  const [first, second, ...more] = await expectFindings(rule, { before: BEFORE, sql });
  expect(more).toEqual([]);
  expect([first?.text, second?.text]).toEqual(["'happy'", "'happy'"]);
  expect([first?.line, second?.line]).toEqual([3, 4]);
  expect(first?.rewrite).toEqual([
    {
      title: 'this migration',
      sql: `ALTER TYPE "public"."mood" ADD VALUE 'meh' BEFORE 'ok';--> statement-breakpoint\nALTER TYPE "public"."mood" ADD VALUE 'happy';`,
    },
    {
      title: 'a later migration',
      sql: `ALTER TABLE "people" ALTER COLUMN "m" SET DEFAULT 'happy';--> statement-breakpoint\nUPDATE "people" SET "m" = 'happy' WHERE "m" = 'ok';`,
    },
  ]);
  expect(second?.rewrite).toBeUndefined();
  await expectClean(rule, { before: BEFORE, sql: (first?.rewrite ?? []).map((one) => one.sql) });
});

test('a column of which nothing is known: the finding says on what it depends', async () => {
  const { message } = await expectFinding(rule, `${ADD}\nUPDATE people SET m = 'happy';`);
  expect(message).toMatch(/^If m is of the type mood: PostgreSQL refuses 'happy'/);
});

test('a type of the same transaction, before 17: the value belongs into CREATE TYPE', async () => {
  const sql = `CREATE TYPE t AS ENUM ('a');\nALTER TYPE t ADD VALUE 'b';\nCREATE TABLE x (v t DEFAULT 'b');`;
  const { hint, rewrite } = await expectFinding(rule, sql);
  expect(hint).toContain('write the value into CREATE TYPE');
  expect(rewrite).toBeUndefined();
  await expectClean(rule, { sql, settings: { postgresVersion: 17 } });
});

test('the type and the value renamed since', async () => {
  const rename = `ALTER TYPE mood RENAME VALUE 'happy' TO 'glad';\nALTER TYPE mood RENAME TO feeling;`;
  await expectFinding(rule, { before: BEFORE, sql: `${ADD}\n${rename}\nUPDATE people SET m = 'glad';` });
});

test('under stock drizzle two pending migrations share the transaction', async () => {
  const migrations = [ADD, `UPDATE people SET m = 'happy';`];
  await expectClean(rule, { before: BEFORE, sql: migrations });
  const found = await expectFinding(rule, {
    before: BEFORE,
    sql: migrations,
    settings: { runner: 'drizzle' },
  });
  expect(found.place).toBe(1);
  expect(found.message).toContain('(0100_test)');
  expect(found.hint).toContain('with a later deployment');
});

test.each([
  ['committed between', `${ADD}\nCOMMIT;\nBEGIN;\nUPDATE people SET m = 'happy';`],
  ['each by itself', `-- drizzle-companion: no-transaction\n${ADD}\nUPDATE people SET m = 'happy';`],
  ['added long since', { before: `${BEFORE}\n${ADD}`, sql: `UPDATE people SET m = 'happy';` }],
  [
    'there already',
    { before: BEFORE, sql: `ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok';\nUPDATE people SET m = 'ok';` },
  ],
  [
    'of another type',
    { before: `${BEFORE}\nCREATE TYPE word AS ENUM ('happy');`, sql: `${ADD}\nSELECT 'happy'::word;` },
  ],
  [
    'of another schema',
    {
      before: BEFORE,
      sql: `ALTER TYPE other.mood ADD VALUE 'happy';\nUPDATE people SET m = 'sad' WHERE note = 'happy';`,
    },
  ],
])('%s', async (_, input) => {
  await expectClean(rule, input);
});
