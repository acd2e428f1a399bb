import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { identifierClash as rule } from './identifier-clash.ts';

const STEM = 'x'.repeat(60);
const ONE = `${STEM}_by_one`;
const TWO = `${STEM}_by_two`;
const CUT = `${STEM}_by`;

test('two foreign keys', async () => {
  const key = (name: string) =>
    `ALTER TABLE "a" ADD CONSTRAINT "${name}" FOREIGN KEY ("b") REFERENCES "public"."c"("id");`;
  const { text, message } = await expectFinding(rule, `${key(ONE)}--> statement-breakpoint\n${key(TWO)}`);
  expect(text).toBe(`"${TWO}"`);
  expect(message).toBe(
    `After its first 63 bytes PostgreSQL cuts the name of this foreign key on a, and "${CUT}" is what it made of "${ONE}" already. The migration fails here, as the name is taken.`,
  );
});

test('two columns of one statement', async () => {
  const { text } = await expectFinding(rule, `CREATE TABLE a ("${ONE}" int, "${TWO}" int);`);
  expect(text).toBe(`"${TWO}"`);
});

test('an index of an earlier migration', async () => {
  const { message } = await expectFinding(rule, {
    before: `CREATE TABLE a (b int);\nCREATE INDEX "${ONE}" ON a (b);`,
    sql: `CREATE INDEX "${TWO}" ON a (b);`,
  });
  expect(message).toContain(`what it made of "${ONE}" already`);
});

test('with IF NOT EXISTS the index is left out in silence', async () => {
  const { message } = await expectFinding(
    rule,
    `CREATE INDEX "${ONE}" ON a (b);\nCREATE INDEX IF NOT EXISTS "${TWO}" ON a (c);`,
  );
  expect(message).toContain('With IF NOT EXISTS the index is not made');
});

test('a table', async () => {
  await expectFinding(rule, `CREATE TABLE "${ONE}" (b int);\nCREATE TABLE "${TWO}" (b int);`);
});

test.each([
  ['names that differ within 63 bytes', `CREATE TABLE a ("one_${STEM}_long" int, "two_${STEM}_long" int);`],
  ['the very same name', `CREATE INDEX "${ONE}" ON a (b);\nCREATE INDEX IF NOT EXISTS "${ONE}" ON a (b);`],
  [
    'a name that was given back',
    `CREATE INDEX "${ONE}" ON a (b);\nDROP INDEX "${ONE}";\nCREATE INDEX "${TWO}" ON a (c);`,
  ],
  [
    'constraints of two tables',
    `ALTER TABLE a ADD CONSTRAINT "${ONE}" CHECK (b > 0);\nALTER TABLE c ADD CONSTRAINT "${TWO}" CHECK (b > 0);`,
  ],
  ['a column and a constraint', `CREATE TABLE a ("${ONE}" int, CONSTRAINT "${TWO}" CHECK (1 > 0));`],
  ['short names', 'CREATE TABLE a (b int, c int);'],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});
