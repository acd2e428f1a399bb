import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { validateInSameTransaction as rule } from './validate-in-same-transaction.ts';

const KEY =
  'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") NOT VALID;';
const CHECK = 'ALTER TABLE "posts" ADD CONSTRAINT "posts_title" CHECK ("title" IS NOT NULL) NOT VALID;';
const VALIDATE = 'ALTER TABLE "posts" VALIDATE CONSTRAINT';

test('a key, validated in the same file', async () => {
  const { message, text, rewrite } = await expectFinding(
    rule,
    `${KEY}--> statement-breakpoint\n${VALIDATE} "posts_author_fk";`,
  );
  expect(text).toBe(`${VALIDATE} "posts_author_fk"`);
  expect(message).toContain('keeps writes out of posts and users (SHARE ROW EXCLUSIVE)');
  expect(rewrite).toEqual([{ title: 'a later migration', sql: `${VALIDATE} "posts_author_fk";` }]);
  await expectClean(rule, [KEY, ...(rewrite ?? []).map(({ sql }) => sql)]);
});

test('a check keeps readers out, too', async () => {
  const { message } = await expectFinding(rule, `${CHECK} ${VALIDATE} "posts_title";`);
  expect(message).toContain('keeps reads and writes out of posts (ACCESS EXCLUSIVE)');
});

test('in one statement', async () => {
  const { rewrite } = await expectFinding(
    rule,
    'ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID, VALIDATE CONSTRAINT c;',
  );
  expect(rewrite?.[0]?.sql).toBe('ALTER TABLE a VALIDATE CONSTRAINT "c";');
});

test('in two files, which stock drizzle runs in one transaction', async () => {
  const { rewrite, place } = await expectFinding(rule, {
    sql: [CHECK, `${VALIDATE} posts_title;`],
    settings: { runner: 'drizzle' },
  });
  expect(place).toBe(1);
  expect(rewrite?.[0]?.title).toBe('a later deployment');
});

test('inside a DO block', async () => {
  await expectFinding(rule, `DO $$ BEGIN ${CHECK} ${VALIDATE} posts_title; END $$;`);
});

test.each([
  ['in two files', [KEY, `${VALIDATE} posts_author_fk;`]],
  ['without a transaction', `-- drizzle-companion: no-transaction\n${CHECK}\n${VALIDATE} posts_title;`],
  ['between two commits', `${CHECK} COMMIT; ${VALIDATE} posts_title;`],
  ['a constraint that nothing is known of', `${VALIDATE} posts_title;`],
  ['a new table', `CREATE TABLE posts (title text); ${CHECK} ${VALIDATE} posts_title;`],
  ['valid from the start', `${CHECK.replace(' NOT VALID', '')} ${VALIDATE} posts_title;`],
  [
    'and then made use of',
    [
      CHECK,
      `${VALIDATE} posts_title; ALTER TABLE posts ALTER title SET NOT NULL; ALTER TABLE posts DROP CONSTRAINT posts_title;`,
    ],
  ],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('added long since', async () => {
  await expectClean(rule, { before: CHECK, sql: `${VALIDATE} posts_title;` });
});
