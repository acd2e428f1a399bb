import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { rowSecurityWithoutPolicy as rule } from './row-security-without-policy.ts';

const before = 'CREATE TABLE "users" ("id" int);';
const ENABLE = 'ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;';

test('a table without a policy', async () => {
  const { message, rewrite } = await expectFinding(rule, { before, sql: ENABLE });
  expect(message).toContain('users has no policy when this commits');
  expect(message).toContain('reads an empty table');
  expect(rewrite).toEqual([
    {
      title: 'this migration',
      sql: `CREATE POLICY "users_all" ON "users" USING (true) WITH CHECK (true);--> statement-breakpoint\n${ENABLE}`,
    },
  ]);
  await expectClean(rule, { before, sql: rewrite?.[0]?.sql ?? '' });
});

test('a policy that was dropped, of another table, or in a later migration', async () => {
  await expectFinding(rule, {
    before: `${before}\nCREATE POLICY p ON users USING (true);\nDROP POLICY p ON users;\nCREATE POLICY p ON a USING (true);`,
    sql: [ENABLE, 'CREATE POLICY p ON users USING (true);'],
  });
});

test.each([
  [
    'a policy behind it',
    `${ENABLE}--> statement-breakpoint\nCREATE POLICY "p" ON "public"."users" USING (true);`,
  ],
  ['a policy before it', `CREATE POLICY p ON users USING (true);\n${ENABLE}`],
  ['a policy of an earlier migration', ['CREATE POLICY p ON users USING (true);', ENABLE]],
  ['a new table', 'CREATE TABLE n (id int);\nALTER TABLE n ENABLE ROW LEVEL SECURITY;'],
  ['a table whose history is not known', 'ALTER TABLE unknown ENABLE ROW LEVEL SECURITY;'],
  ['DISABLE', 'ALTER TABLE users DISABLE ROW LEVEL SECURITY;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, { before, sql });
});
