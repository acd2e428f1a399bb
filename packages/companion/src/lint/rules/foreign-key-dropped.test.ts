import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { foreignKeyDropped as rule } from './foreign-key-dropped.ts';

const before = [
  'CREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "author_id" integer);',
  'ALTER TABLE "posts" ADD CONSTRAINT "posts_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id");',
];
const DROP = 'ALTER TABLE "posts" DROP CONSTRAINT "posts_fk"';

test('a key that is known is dropped', async () => {
  const { message, text, level } = await expectFinding(rule, { before, sql: `${DROP};` });
  expect(level).toBe('info');
  expect(text).toBe(DROP);
  expect(message).toContain('author_id of posts refers to a row of users');
});

test('a key on another column takes nobody’s place', async () => {
  const sql = `${DROP}; ALTER TABLE posts ADD CONSTRAINT a FOREIGN KEY (editor_id) REFERENCES users (id);`;
  await expectFinding(rule, { before, sql });
});

test('IF EXISTS and CASCADE change nothing', async () => {
  await expectFinding(rule, {
    before,
    sql: 'ALTER TABLE IF EXISTS posts DROP CONSTRAINT IF EXISTS posts_fk CASCADE;',
  });
});

const ADD =
  'ALTER TABLE "posts" ADD CONSTRAINT "posts_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade';

test.each([
  ['replaced below, as drizzle-kit does', `${DROP};\n--> statement-breakpoint\n${ADD};`],
  ['replaced above', `${ADD.replace('posts_fk', 'new_fk')} NOT VALID; ${DROP};`],
  ['replaced by a later migration of the deployment', [`${DROP};`, `${ADD} NOT VALID;`]],
  ['of a column that goes, too', `${DROP}; ALTER TABLE posts DROP COLUMN author_id;`],
  ['to a table that goes, too', `${DROP}; DROP TABLE "public"."users";`],
  ['of a table that goes, too', `${DROP}; DROP TABLE posts CASCADE;`],
  ['no key at all', 'ALTER TABLE posts DROP CONSTRAINT posts_pkey;'],
  ['not known', 'ALTER TABLE posts DROP CONSTRAINT other;'],
  ['of a table not known', 'ALTER TABLE drafts DROP CONSTRAINT posts_fk;'],
])('a constraint %s', async (_, sql) => {
  await expectClean(rule, { before, sql });
});

test('a key that the deployment itself made', async () => {
  await expectClean(rule, [...before, `${DROP};`]);
});
