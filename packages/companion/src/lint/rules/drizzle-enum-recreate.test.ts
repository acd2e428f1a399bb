import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { judge } from '../../../test/lint/judge.ts';
import { withRewrite } from '../../../test/lint/with-rewrite.ts';
import { kitProject } from '../../../test/schemas/kit-project.ts';
import { RULES } from '../rules.ts';
import { drizzleEnumRecreate as rule } from './drizzle-enum-recreate.ts';
import { enumRecreateIncomplete } from './enum-recreate-incomplete.ts';

const MAKE = `CREATE TYPE "public"."mood" AS ENUM('sad', 'ok', 'happy');--> statement-breakpoint
CREATE TABLE "t" ("id" integer PRIMARY KEY NOT NULL, "m" "mood");`;

/** As drizzle-kit 0.31.11 writes it; 1.0.0-rc differs in the names' schema, and in how it treats a default. */
const PLAIN = `ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."mood";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('sad', 'happy');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";`;

const WITH_DEFAULT_0 = `ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'sad'::text;--> statement-breakpoint
DROP TYPE "public"."mood";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('sad', 'happy');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'sad'::"public"."mood";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";`;

const WITH_DEFAULT_1 = `ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;--> statement-breakpoint
DROP TYPE "mood";--> statement-breakpoint
CREATE TYPE "mood" AS ENUM('sad', 'happy');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::"mood";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'sad'::"mood";`;

const REORDERED = PLAIN.replace(`'sad', 'happy'`, `'happy', 'ok', 'sad'`);
const DEFAULT = `ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'sad';`;
const OK_ROW = `INSERT INTO t VALUES (1, 'ok');`;
const SETTLE = `UPDATE "t" SET "m" = 'sad' WHERE "m" = 'ok';--> statement-breakpoint\n`;

type Case = { readonly there?: string; readonly sql: string; readonly fails: string; readonly says: string };

const FAILING: Readonly<Record<string, Case>> = {
  'a removed value that rows have': {
    there: OK_ROW,
    sql: PLAIN,
    fails: '22P02',
    says: `Rows of t that hold 'ok' in m fail to be cast (22P02)`,
  },
  'the same with a default, 0.31': {
    there: `${DEFAULT}\n${OK_ROW}`,
    sql: WITH_DEFAULT_0,
    fails: '22P02',
    says: `'ok' in m`,
  },
  'the same with a default, 1.0': {
    there: `${DEFAULT}\n${OK_ROW}`,
    sql: WITH_DEFAULT_1,
    fails: '22P02',
    says: `'ok' in m`,
  },
  'an array, 1.0': {
    there: `ALTER TABLE t DROP COLUMN m;\nALTER TABLE t ADD COLUMN "m" mood[];\nINSERT INTO t VALUES (1, '{ok,sad}');`,
    sql: `ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text[];--> statement-breakpoint
DROP TYPE "mood";--> statement-breakpoint
CREATE TYPE "mood" AS ENUM('sad', 'happy');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood"[] USING "m"::"mood"[];`,
    fails: '22P02',
    says: `'ok' in m`,
  },
  'a default that is left alone, as older versions did': {
    there: DEFAULT,
    sql: `${SETTLE}${PLAIN}`,
    fails: '2BP01',
    says: 'The default of t.m is still one of the old mood when that is dropped',
  },
  'a default of text': {
    there: DEFAULT,
    sql: `${SETTLE}${WITH_DEFAULT_0.replace(`SET DEFAULT 'sad'::"public"."mood"`, `SET DEFAULT 'sad'`)}`,
    fails: '42804',
    says: 't.m keeps its default while its type changes',
  },
  'a partial index': {
    there: `CREATE INDEX "t_m" ON "t" USING btree ("id") WHERE "t"."m" = 'sad';`,
    sql: `${SETTLE}${PLAIN}`,
    fails: '42883',
    says: 'The index t_m uses t.m',
  },
  'a CHECK': {
    there: `ALTER TABLE "t" ADD CONSTRAINT "t_c" CHECK ("t"."m" <> 'sad');`,
    sql: `${SETTLE.replace(`'sad'`, `'happy'`)}${PLAIN}`,
    fails: '42883',
    says: 'The CHECK t_c of t uses t.m',
  },
  'a view': {
    there: `CREATE VIEW "public"."v" AS (select "id", "m" from "t");`,
    sql: `${SETTLE}${PLAIN}`,
    fails: '0A000',
    says: 'The view v uses t.m',
  },
  'a policy': {
    there: `CREATE POLICY "t_p" ON "t" AS PERMISSIVE FOR ALL TO public USING ("t"."m" = 'sad');`,
    sql: `${SETTLE}${PLAIN}`,
    fails: '0A000',
    says: 'The policy t_p of t uses t.m',
  },
  'a column that the schema code does not know': {
    there: 'CREATE TABLE by_hand (m mood);',
    sql: `${SETTLE}${PLAIN}`,
    fails: '2BP01',
    says: 'by_hand.m is still of the old type',
  },
};

const RUNNING: Readonly<Record<string, Pick<Case, 'there' | 'sql'>>> = {
  'the order changed, nothing removed': { there: OK_ROW, sql: REORDERED },
  'a default, 0.31, rows mended first': { there: `${DEFAULT}\n${OK_ROW}`, sql: `${SETTLE}${WITH_DEFAULT_0}` },
  'a default, 1.0, rows mended first': { there: `${DEFAULT}\n${OK_ROW}`, sql: `${SETTLE}${WITH_DEFAULT_1}` },
  'rows mended while the column is text': {
    there: OK_ROW,
    sql: PLAIN.replace('DROP TYPE', `${SETTLE}DROP TYPE`),
  },
  'rows mapped by USING': {
    there: OK_ROW,
    sql: PLAIN.replace('USING "m"::', `USING (CASE "m" WHEN 'ok' THEN 'sad' ELSE "m" END)::`),
  },
  'an index on the column': { there: 'CREATE INDEX i ON t (m);', sql: `${SETTLE}${PLAIN}` },
  'the enum given up for text': {
    sql: 'ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;\nDROP TYPE "public"."mood";',
  },
};

describe.each(Object.entries(FAILING))('%s', (_, { there = '', sql, fails, says }) => {
  const before = `${MAKE}\n${there}`;

  test('is found, and the rewrite has nothing against it', async () => {
    const { message, rewrite, level } = await expectFinding(rule, { before, sql });
    expect(level).toBe('error');
    expect(message).toContain('It does not get through.');
    expect(message).toContain(says);
    await expectClean(rule, { before, sql: withRewrite(sql, rewrite?.[0]) });
    await expectClean(enumRecreateIncomplete, { before, sql: withRewrite(sql, rewrite?.[0]) });
  });

  describeEachPostgres('fails', ({ createDatabase }) => {
    test('and runs when it is rewritten', async () => {
      const { rewrite } = await expectFinding(rule, { before, sql });
      const { sql: client } = await createDatabase();
      await client.unsafe(before);
      await expect(outcome(client, sql)).resolves.toBe(fails);
      await expect(outcome(client, withRewrite(sql, rewrite?.[0]))).resolves.toBe('done');
      const [column] = await client`
        select format_type(atttypid, atttypmod) as type, pg_get_expr(adbin, adrelid) as default
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = 't'::regclass and attname = 'm'`;
      expect(column).toEqual({
        type: there.includes('mood[]') ? 'mood[]' : 'mood',
        default: there.includes(DEFAULT) ? `'sad'::mood` : null,
      });
      const values = await client`select enumlabel from pg_enum order by enumsortorder`;
      expect(values.map(({ enumlabel }) => enumlabel)).toEqual(['sad', 'happy']);
    });
  });
});

describe.each(Object.entries(RUNNING))('silent: %s', (_, { there = '', sql }) => {
  const before = `${MAKE}\n${there}`;

  test('nothing to say', async () => {
    await expectClean(rule, { before, sql });
  });

  describeEachPostgres('rightly', ({ createDatabase }) => {
    test('it runs', async () => {
      const { sql: client } = await createDatabase();
      await client.unsafe(before);
      await expect(outcome(client, sql)).resolves.toBe('done');
    });
  });
});

test.each([
  ['a table of the same deployment, which has no rows', { sql: [MAKE, PLAIN] }],
  ['a type of which nothing is known', { sql: PLAIN }],
  ['rows mended by an earlier deployment', { before: [MAKE, SETTLE], sql: PLAIN }],
])('silent: %s', async (_, input) => {
  await expectClean(rule, input);
});

test('what a snapshot alone knows', async () => {
  const column = { name: 'm', type: 'mood', typeSchema: 'public', primaryKey: false, notNull: false };
  const table = { name: 't', schema: '', columns: { m: column } };
  const mood = { name: 'mood', schema: 'public', values: ['sad', 'ok', 'happy'] };
  const snapshot = {
    version: '7',
    dialect: 'postgresql',
    tables: { 'public.t': table },
    enums: { 'public.mood': mood },
  };
  const { message } = await expectFinding(rule, { snapshot, sql: PLAIN });
  expect(message).toContain(`'ok' in m`);
});

test('the rewrite asks for the value that is meant', async () => {
  const { rewrite, edits, text } = await expectFinding(rule, {
    before: `${MAKE}\n${DEFAULT}`,
    sql: WITH_DEFAULT_0,
  });
  expect(text).toBe(
    'ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood"',
  );
  expect(edits).toEqual([]);
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: `ALTER TYPE "public"."mood" RENAME TO "mood_old";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM ('sad', 'happy');--> statement-breakpoint
-- 'ok' in "m" becomes 'sad': put the value that you mean
ALTER TABLE "t"
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE "public"."mood" USING (CASE "m"::text WHEN 'ok' THEN 'sad' ELSE "m"::text END)::"public"."mood",
  ALTER COLUMN "m" SET DEFAULT 'sad'::"public"."mood";--> statement-breakpoint
DROP TYPE "public"."mood_old";`,
    },
  ]);
});

test('where nothing is to be chosen, the file is mended', async () => {
  await expectFixed(
    rule,
    { before: `${MAKE}\n${DEFAULT}`, sql: `${SETTLE}${PLAIN}\n` },
    `${SETTLE}ALTER TYPE "public"."mood" RENAME TO "mood_old";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM ('sad', 'happy');--> statement-breakpoint
ALTER TABLE "t"
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE "public"."mood" USING "m"::text::"public"."mood",
  ALTER COLUMN "m" SET DEFAULT 'sad'::"public"."mood";--> statement-breakpoint
DROP TYPE "public"."mood_old";\n`,
  );
});

const schemaOf = (
  values: string,
): string => `import { index, integer, pgEnum, pgTable } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', [${values}]);
export const t = pgTable('t', { id: integer().primaryKey(), m: mood() });
export const u = pgTable('u', { id: integer().primaryKey(), m: mood().default('sad'), ms: mood().array() }, (u) => [
  index('u_m').on(u.m),
]);`;

test('only the statements of the change are written again', async () => {
  const { rewrite, hint } = await expectFinding(rule, {
    before: MAKE,
    sql: `CREATE TABLE "a" ("id" integer);--> statement-breakpoint\n${PLAIN}--> statement-breakpoint\nCREATE TABLE "b" ("id" integer);`,
  });
  expect(rewrite?.map(({ title }) => title)).toEqual(['this migration, in place of lines 2 to 5']);
  expect(rewrite?.[0]?.sql).not.toContain('CREATE TABLE');
  expect(hint).toMatch(
    /^Either the old type is renamed, .* Or, for a large table, keep the value in the type: /,
  );
  expect(hint).toContain('put the value back into pgEnum, delete this migration (its SQL, its snapshot,');
  expect(hint).toContain(`\`CHECK ("m" NOT IN ('ok'))\``);
});

describe.each([
  ['0.31', WITH_DEFAULT_0],
  ['1.0', WITH_DEFAULT_1],
])('from the SQL of drizzle-kit %s to silence', (_, sql) => {
  const before = `${MAKE}\n${DEFAULT}`;
  const graveOf = async (linted: string) => {
    const sources = [
      { sql: before, batch: 0, linted: false },
      { sql: linted, batch: 1 },
    ];
    const { findings } = await judge({ sources, rules: RULES });
    return findings.map(({ finding }) => finding).filter(({ level }) => level !== 'info');
  };

  test('one finding, one rewrite', async () => {
    const [only, ...others] = await graveOf(sql);
    expect(others).toEqual([]);
    expect(only?.code).toBe('lint/drizzle-enum-recreate');
    expect(await graveOf(withRewrite(sql, only?.rewrite?.[0]))).toEqual([]);
  });

  describeEachPostgres('which runs', ({ createDatabase }) => {
    test('and maps what is there', async () => {
      const [only] = await graveOf(sql);
      const { sql: client } = await createDatabase();
      await client.unsafe(`${before}\n${OK_ROW}`);
      await expect(outcome(client, withRewrite(sql, only?.rewrite?.[0]))).resolves.toBe('done');
      await client`insert into t (id) values (2)`;
      expect((await client`select m from t order by id`).map(({ m }) => m)).toEqual(['sad', 'sad']);
    });
  });
});

test.each([0, 1] as const)(
  'the real drizzle-kit, major %s',
  async (major) => {
    const project = kitProject(major, { 'schema.ts': schemaOf(`'sad', 'ok', 'happy'`) });
    await project.generate();
    const [before] = project.history().migrations;
    // The folders of 1.x are named by the second.
    if (major === 1) await new Promise((done) => setTimeout(done, 1100));
    project.write('schema.ts', schemaOf(`'sad', 'happy'`));
    await project.generate();
    const [, removal] = project.history().migrations;
    const { message, rewrite } = await expectFinding(rule, {
      before: before?.sql ?? '',
      sql: removal?.sql ?? '',
    });
    for (const column of [`t that hold 'ok' in m`, `u that hold 'ok' in m`, `u that hold 'ok' in ms`])
      expect(message).toContain(column);
    await expectClean(rule, {
      before: before?.sql ?? '',
      sql: withRewrite(removal?.sql ?? '', rewrite?.[0]),
    });
  },
  60_000,
);

async function outcome(client: TestDatabase['sql'], sql: string): Promise<string> {
  try {
    await client.begin((transaction) => transaction.unsafe(sql));
    return 'done';
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}
