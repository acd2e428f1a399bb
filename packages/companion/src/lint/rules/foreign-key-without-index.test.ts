import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { foreignKeyWithoutIndex as rule } from './foreign-key-without-index.ts';

const POSTS = 'CREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "author_id" integer);';
const KEY =
  'ALTER TABLE "posts" ADD CONSTRAINT "posts_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action';
const ON = '"posts" USING btree ("author_id")';

test('a key as drizzle-kit writes it, on a new table', async () => {
  const { message, text, rewrite, level } = await expectFinding(
    rule,
    `${POSTS}--> statement-breakpoint\n${KEY};`,
  );
  expect(level).toBe('info');
  expect(text).toBe(KEY);
  expect(message).toContain('No index of posts begins with author_id');
  expect(message).toContain('deleted from users');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'CREATE INDEX "posts_author_id_idx" ON "posts" ("author_id");' },
  ]);
  await expectClean(rule, `${POSTS} ${KEY}; ${rewrite?.[0]?.sql}`);
});

test('on a table that is there the index is built concurrently', async () => {
  const { rewrite } = await expectFinding(rule, `${KEY} NOT VALID;`);
  expect(rewrite).toEqual([
    {
      title: 'a migration of its own',
      sql: 'CREATE INDEX CONCURRENTLY "posts_author_id_idx" ON "posts" ("author_id");',
    },
  ]);
  await expectClean(rule, [`${KEY} NOT VALID;`, rewrite?.[0]?.sql ?? '']);
});

test('in the list of a CREATE TABLE it points at the key alone', async () => {
  const { text } = await expectFinding(
    rule,
    'CREATE TABLE a (b int REFERENCES c (d) ON DELETE CASCADE, e text);',
  );
  expect(text).toBe('REFERENCES c (d) ON DELETE CASCADE');
});

test.each([
  ['begins with another column', 'CREATE INDEX ON posts (id, author_id);'],
  ['is of an expression', 'CREATE INDEX ON posts ((author_id + 1));'],
  ['is partial', 'CREATE INDEX ON posts (author_id) WHERE id > 5;'],
  ['is of another table', 'CREATE INDEX ON drafts (author_id);'],
])('an index that %s does not help', async (_, index) => {
  await expectFinding(rule, `${POSTS} ${KEY}; ${index}`);
});

test.each([
  ['made after the key', `${POSTS} ${KEY}; CREATE INDEX "posts_idx" ON ${ON};`],
  ['made before it', `CREATE INDEX ON posts (author_id, id); ${KEY} NOT VALID;`],
  ['made by a later migration', [`${KEY} NOT VALID;`, `CREATE INDEX CONCURRENTLY "i" ON ${ON};`]],
  ['that of a unique constraint', `${POSTS} ALTER TABLE posts ADD UNIQUE (author_id); ${KEY};`],
  ['of a later unique constraint', [`${POSTS} ${KEY};`, 'ALTER TABLE posts ADD UNIQUE (author_id, id);']],
  ['the primary key', 'CREATE TABLE a (b int PRIMARY KEY REFERENCES c (d));'],
  ['without the nulls', `${POSTS} ${KEY}; CREATE INDEX ON ${ON} WHERE author_id IS NOT NULL;`],
  [
    'with the columns in another order',
    'CREATE TABLE a (b int, c int, d int, PRIMARY KEY (c, b, d), FOREIGN KEY (b, c) REFERENCES e (f, g));',
  ],
])('an index %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('an index that is there since long', async () => {
  await expectClean(rule, { before: `${POSTS} CREATE INDEX ON ${ON};`, sql: `${KEY} NOT VALID;` });
});

test('a key that is dropped again', async () => {
  await expectClean(rule, `${POSTS} ${KEY}; ALTER TABLE posts DROP CONSTRAINT posts_fk;`);
});

test('a table that the config calls small', async () => {
  await expectClean(rule, { sql: `${KEY};`, settings: { smallTables: ['posts'] } });
});
