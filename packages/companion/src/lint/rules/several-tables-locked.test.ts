import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { severalTablesLocked as rule } from './several-tables-locked.ts';

const add = (...tables: readonly string[]) =>
  tables.map((table) => `ALTER TABLE "${table}" ADD COLUMN "note" text;`).join('--> statement-breakpoint\n');

test('columns for four tables', async () => {
  const { message, hint, text, level } = await expectFinding(rule, add('a', 'b', 'c', 'd', 'e'));
  expect(level).toBe('info');
  expect(text).toBe('ALTER TABLE "d" ADD COLUMN "note" text');
  expect(message).toContain(
    'holds locks on 4 tables that are in use: a (ACCESS EXCLUSIVE), b (ACCESS EXCLUSIVE), c (ACCESS EXCLUSIVE), d (ACCESS EXCLUSIVE).',
  );
  expect(message).toContain('40P01');
  expect(hint).toContain('several migrations');
});

test('tables at the other end of foreign keys count', async () => {
  const sql = `CREATE TABLE "new" ("a" int, "b" int, "c" int);--> statement-breakpoint
ALTER TABLE "new" ADD CONSTRAINT "x" FOREIGN KEY ("a") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "new" ADD CONSTRAINT "y" FOREIGN KEY ("b") REFERENCES "orgs"("id");--> statement-breakpoint
ALTER TABLE "new" ADD CONSTRAINT "z" FOREIGN KEY ("c") REFERENCES "plans"("id");`;
  await expectClean(rule, sql);
  const { message } = await expectFinding(rule, { sql, options: { tables: 2 } });
  expect(message).toContain(
    '3 tables that are in use: users (SHARE ROW EXCLUSIVE), orgs (SHARE ROW EXCLUSIVE), plans (SHARE ROW EXCLUSIVE)',
  );
});

test('one statement can be enough', async () => {
  await expectFinding(rule, 'TRUNCATE a, b, c, d;');
});

test('stock drizzle takes all pending files together', async () => {
  const sql = [add('a', 'b'), add('c', 'd')];
  await expectClean(rule, sql);
  const { hint, place } = await expectFinding(rule, { sql, settings: { runner: 'drizzle' } });
  expect(place).toBe(1);
  expect(hint).toContain('does not try again');
});

test('each migration by itself', async () => {
  const found = await expectFindings(rule, [add('a', 'b', 'c', 'd'), add('a', 'b', 'c', 'd')]);
  expect(found.map(({ place }) => place)).toEqual([0, 1]);
});

test.each([
  ['three tables', add('a', 'b', 'c')],
  ['one table, many times', add('a', 'a', 'a', 'a', 'a')],
  ['tables that are new', `CREATE TABLE a (b int); CREATE TABLE c (b int); ${add('a', 'c', 'd', 'e', 'f')}`],
  ['rows', 'UPDATE a SET b = 1 WHERE id = 1; UPDATE c SET b = 1; DELETE FROM d; INSERT INTO e VALUES (1);'],
  ['locks that nobody waits for', ['a', 'b', 'c', 'd'].map((one) => `ANALYZE ${one};`).join('\n')],
  [
    'statements that commit by themselves',
    `-- drizzle-companion: no-transaction\n${add('a', 'b', 'c', 'd')}`,
  ],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('partitions are one table', async () => {
  const before = `CREATE TABLE logs (at date) PARTITION BY RANGE (at);
${['a', 'b', 'c', 'd'].map((one, at) => `CREATE TABLE logs_${one} PARTITION OF logs FOR VALUES FROM ('200${at}-01-01') TO ('200${at}-02-01');`).join('\n')}`;
  await expectClean(rule, { before, sql: 'ALTER TABLE logs ADD COLUMN note text;' });
});
