import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings, expectFixed } from '../../../test/lint/expect-lint.ts';
import { setNotNullNeedsCheck as rule } from './set-not-null-needs-check.ts';

const SET = 'ALTER TABLE "posts" ALTER COLUMN "title" SET NOT NULL';

test('as drizzle-kit writes it', async () => {
  const { message, text, rewrite } = await expectFinding(rule, `${SET};`);
  expect(text).toBe(SET);
  expect(message).toBe(
    'It fails if a single row has no title (23502). PostgreSQL reads all of posts under ACCESS EXCLUSIVE to prove that title is never null: every read and every write of posts waits until it has.',
  );
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "posts_title_present" CHECK ("title" IS NOT NULL) NOT VALID;',
    },
    {
      title: 'a later migration',
      sql: [
        'ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_title_present";',
        `${SET};`,
        'ALTER TABLE "posts" DROP CONSTRAINT "posts_title_present";',
      ].join('--> statement-breakpoint\n'),
    },
  ]);
  await expectClean(
    rule,
    (rewrite ?? []).map(({ sql }) => sql),
  );
});

test('from 18 on NOT NULL itself can be NOT VALID', async () => {
  const settings = { postgresVersion: 18 };
  const { rewrite } = await expectFinding(rule, { sql: `${SET};`, settings });
  expect(rewrite?.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE "posts" ADD CONSTRAINT "posts_title_not_null" NOT NULL "title" NOT VALID;',
    'ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_title_not_null";',
  ]);
  await expectClean(rule, { sql: (rewrite ?? []).map(({ sql }) => sql), settings });
});

test('NOT NULL as a constraint that is valid at once', async () => {
  const { message } = await expectFinding(rule, {
    sql: 'ALTER TABLE a ADD CONSTRAINT b NOT NULL c;',
    settings: { postgresVersion: 18 },
  });
  expect(message).toContain('c is never null');
});

test('what else the statement does stays', async () => {
  const found = await expectFindings(
    rule,
    'ALTER TABLE app.a ALTER b SET DEFAULT 1, ALTER b SET NOT NULL, ALTER c SET NOT NULL;',
  );
  expect(found).toHaveLength(2);
  expect(found[0]?.rewrite?.[0]?.sql).toBe(
    [
      'ALTER TABLE app.a ALTER b SET DEFAULT 1;',
      'ALTER TABLE app.a ADD CONSTRAINT "a_b_present" CHECK ("b" IS NOT NULL) NOT VALID;',
      'ALTER TABLE app.a ADD CONSTRAINT "a_c_present" CHECK ("c" IS NOT NULL) NOT VALID;',
    ].join('--> statement-breakpoint\n'),
  );
});

test('a column that this file adds with a default is added NOT NULL', async () => {
  await expectFixed(
    rule,
    `ALTER TABLE "posts" ADD COLUMN "title" text DEFAULT '';--> statement-breakpoint\n${SET};`,
    `ALTER TABLE "posts" ADD COLUMN "title" text DEFAULT '' NOT NULL;`,
  );
});

test('after an UPDATE of the same transaction, how to cut it is shown there', async () => {
  const { edits, rewrite, hint } = await expectFinding(
    rule,
    `ALTER TABLE posts ADD title text; UPDATE posts SET title = lower(slug); ${SET};`,
  );
  expect(edits).toEqual([]);
  expect(rewrite).toBeUndefined();
  expect(hint).toMatch(/^Not in the transaction that writes the rows, but behind it. Let a CHECK prove it/);
});

test('where a DEFAULT does what the UPDATE did, the statement goes with it', async () => {
  await expectClean(rule, `ALTER TABLE posts ADD title text; UPDATE posts SET title = ''; ${SET};`);
});

test('a long name is kept below 64 bytes', async () => {
  const long = 'x'.repeat(60);
  const { rewrite } = await expectFinding(rule, `ALTER TABLE ${long} ALTER ${long} SET NOT NULL;`);
  expect(rewrite?.[1]?.sql).toContain(`VALIDATE CONSTRAINT "${'x'.repeat(55)}_present";`);
});

const CHECK = 'ALTER TABLE posts ADD CONSTRAINT c CHECK (title IS NOT NULL)';

test.each([
  [
    'a CHECK validated by an earlier migration',
    [`${CHECK} NOT VALID;`, `ALTER TABLE posts VALIDATE CONSTRAINT c; ${SET};`],
  ],
  ['a CHECK that is valid', `${CHECK}; ${SET};`],
  ['a table of this deployment', ['CREATE TABLE posts (title text);', `${SET};`]],
  ['a temporary table', `CREATE TEMP TABLE posts (title text); ${SET};`],
  ['a column that is NOT NULL', `ALTER TABLE posts ADD title text NOT NULL DEFAULT ''; ${SET};`],
  ['DROP NOT NULL', 'ALTER TABLE posts ALTER title DROP NOT NULL;'],
  ['NOT NULL NOT VALID', 'ALTER TABLE posts ADD CONSTRAINT c NOT NULL title NOT VALID;'],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('a CHECK that is not validated proves nothing', async () => {
  await expectFinding(rule, `${CHECK} NOT VALID; ${SET};`);
});

test('columns that have been NOT NULL since long', async () => {
  await expectClean(rule, {
    before: 'CREATE TABLE posts (id bigint PRIMARY KEY, title text NOT NULL);',
    sql: `${SET}; ALTER TABLE posts ALTER id SET NOT NULL;`,
  });
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: `${SET};`, settings: { smallTables: ['posts'] } });
});

test('a CHECK that the same statement drops proves nothing: PostgreSQL drops first', async () => {
  const before =
    'CREATE TABLE t (id int, a text); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c;';
  const sql = 'ALTER TABLE t DROP CONSTRAINT c, ALTER a SET NOT NULL;';
  const { hint, rewrite } = await expectFinding(rule, { before, sql });
  expect(hint).toContain('drops constraints first');
  const mended =
    'ALTER TABLE t ALTER a SET NOT NULL;--> statement-breakpoint\nALTER TABLE t DROP CONSTRAINT c;';
  expect(rewrite).toEqual([{ title: 'this migration', sql: mended }]);
  await expectClean(rule, { before, sql: mended });
});
