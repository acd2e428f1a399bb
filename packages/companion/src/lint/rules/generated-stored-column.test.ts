import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { generatedStoredColumn as rule } from './generated-stored-column.ts';

const LINES = 'CREATE TABLE "lines" ("id" bigint PRIMARY KEY, "price" int, "amount" int);';
const TOTAL =
  'ALTER TABLE "lines" ADD COLUMN "total" integer GENERATED ALWAYS AS ("lines"."price" * abs("amount")) STORED;';

test('a column that is computed from others', async () => {
  const { message, text, hint, rewrite } = await expectFinding(rule, { before: LINES, sql: TOTAL });
  expect(text).toMatch(/^ADD COLUMN "total" .* STORED$/);
  expect(message).toContain('total must be computed and stored in every row');
  expect(message).toContain('all of lines and its indexes anew under ACCESS EXCLUSIVE');
  expect(hint).toContain('an index over the expression');
  expect(hint).toContain('declare it without generatedAlwaysAs(), delete this migration');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: [
        'ALTER TABLE "lines" ADD COLUMN "total" integer;',
        `CREATE FUNCTION "lines_total_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."total" := NEW."price" * abs(NEW."amount");
  RETURN NEW;
END $$;`,
        `CREATE TRIGGER "lines_total_kept" BEFORE INSERT OR UPDATE ON "lines"
  FOR EACH ROW EXECUTE FUNCTION "lines_total_kept"();`,
      ].join('--> statement-breakpoint\n'),
    },
    {
      title: 'in batches outside of migrations, with id from $1 to $2',
      sql: 'UPDATE "lines" SET "total" = "lines"."price" * abs("amount") WHERE "id" > $1 AND "id" <= $2 AND "total" IS DISTINCT FROM ("lines"."price" * abs("amount"));',
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: LINES, sql: one.sql });
});

test('NOT NULL comes when all rows are filled', async () => {
  const { rewrite } = await expectFinding(rule, TOTAL.replace('STORED', 'STORED NOT NULL'));
  expect(rewrite).toHaveLength(4);
});

test('from 18 on it can be virtual', async () => {
  const settings = { postgresVersion: 18 };
  const { hint, rewrite } = await expectFinding(rule, { sql: TOTAL, settings });
  expect(hint).toContain('VIRTUAL');
  expect(rewrite).toEqual([{ title: 'this migration', sql: TOTAL.replace('STORED', 'VIRTUAL') }]);
  await expectClean(rule, { sql: rewrite?.[0]?.sql ?? '', settings });
});

test('inside a DO block', async () => {
  const { rewrite } = await expectFinding(rule, `DO $$ BEGIN ${TOTAL} END $$;`);
  expect(rewrite?.[0]?.sql).toContain('NEW."total" := NEW."price" * abs(NEW."amount");');
});

test('another expression for a column that is there', async () => {
  const sql = 'ALTER TABLE "lines" ALTER COLUMN "total" SET EXPRESSION AS ("price" * 2);';
  const { message } = await expectFinding(rule, { before: `${LINES} ${TOTAL}`, sql });
  expect(message).toContain('all of lines');
  await expectClean(rule, { before: `${LINES} ${TOTAL.replace('STORED', 'VIRTUAL')}`, sql });
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: TOTAL, settings: { smallTables: ['lines'] } });
});

test.each([
  ['in a table that is new', `${LINES}\n${TOTAL}`],
  ['in one that is new in this deployment', [LINES, TOTAL]],
  ['virtual', TOTAL.replace('STORED', 'VIRTUAL')],
  ['virtual without the word', TOTAL.replace(' STORED', '')],
  ['an identity', 'ALTER TABLE a ADD b int GENERATED ALWAYS AS IDENTITY;'],
  ['no longer generated', 'ALTER TABLE a ALTER COLUMN b DROP EXPRESSION;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

describeEachPostgres('the rewrite', ({ createDatabase }) => {
  test('writes nothing anew, and computes what the column would have', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${LINES} INSERT INTO lines SELECT n, n, 2 FROM generate_series(1, 3) n;`);
    const { rewrite = [] } = await expectFinding(rule, { before: LINES, sql: TOTAL });
    const [add, fill] = rewrite.map((one) => one.sql);
    const file = () => sql`select pg_relation_filenode('lines') as file`;
    const before = await file();
    await sql.unsafe(add ?? '');
    await sql`insert into lines values (4, 4, -2)`;
    await sql.unsafe(fill ?? '', [0, 9]);
    await sql`update lines set price = 5 where id = 1`;
    expect(await file()).toEqual(before);
    const wrong = await sql`select id from lines where total is distinct from price * abs(amount)`;
    expect(wrong).toEqual([]);
    await sql.unsafe(TOTAL.replace('"total"', '"other"'));
    expect(await file()).not.toEqual(before);
  });
});
