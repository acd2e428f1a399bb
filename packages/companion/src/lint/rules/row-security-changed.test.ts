import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { rowSecurityChanged as rule } from './row-security-changed.ts';

test('all of a table in one finding', async () => {
  const { message, text, level } = await expectFinding(
    rule,
    `ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "readers" ON "users" AS PERMISSIVE FOR SELECT TO public USING (true);--> statement-breakpoint
ALTER POLICY "writers" ON "public"."users" TO app;`,
  );
  expect(level).toBe('info');
  expect(text).toBe('ALTER TABLE "users" ENABLE ROW LEVEL SECURITY');
  expect(message).toContain(
    'ENABLE ROW LEVEL SECURITY, CREATE POLICY readers and ALTER POLICY writers decide who reads and writes which rows of users',
  );
});

test.each([
  'ALTER TABLE a DISABLE ROW LEVEL SECURITY',
  'ALTER TABLE a FORCE ROW LEVEL SECURITY',
  'ALTER TABLE a NO FORCE ROW LEVEL SECURITY',
  'DROP POLICY IF EXISTS "p" ON a CASCADE',
])('%s', async (sql) => {
  const { message } = await expectFinding(rule, `${sql};`);
  expect(message).toContain('decides who reads and writes which rows of a,');
});

test('each table by itself', async () => {
  const found = await expectFindings(rule, 'DROP POLICY p ON a;\nDROP POLICY p ON b;\nDROP POLICY q ON a;');
  expect(found.map(({ text }) => text)).toEqual(['DROP POLICY p ON a', 'DROP POLICY p ON b']);
});

test.each([
  [
    'a new table',
    'CREATE TABLE n (id int);\nALTER TABLE n ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON n USING (true);',
  ],
  ['a policy of another name', 'ALTER POLICY p ON a RENAME TO q;'],
  ['other changes', 'ALTER TABLE a ADD COLUMN b int;\nGRANT SELECT ON a TO app;\nDROP TRIGGER t ON a;'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('what row-security-without-policy tells', async () => {
  await expectClean(rule, {
    before: 'CREATE TABLE a (id int);',
    sql: 'ALTER TABLE a ENABLE ROW LEVEL SECURITY;',
  });
});
