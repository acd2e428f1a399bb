import { withDatabase } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed, lint } from '../../../test/lint/expect-lint.ts';
import { enumValuePosition as rule } from './enum-value-position.ts';

const MAKE = `CREATE TYPE mood AS ENUM ('sad', 'o''k');`;
const ADD = `ALTER TYPE "public"."mood" ADD VALUE 'happy';`;

test('a value without a place', async () => {
  const { message, text, rewrite } = await expectFinding(rule, { before: MAKE, sql: ADD });
  expect(text).toBe(`ALTER TYPE "public"."mood" ADD VALUE 'happy'`);
  expect(message).toContain(`'happy' becomes the last value of mood, behind 'o'k'`);
  expect(rewrite).toEqual([
    { title: 'this migration', sql: `ALTER TYPE "public"."mood" ADD VALUE 'happy' AFTER 'o''k';` },
  ]);
});

test('the file is mended, and means the same', async () => {
  const mended = `ALTER TYPE "public"."mood" ADD VALUE 'happy' AFTER 'o''k';`;
  await expectFixed(rule, { before: MAKE, sql: ADD }, mended);
  const order = await withDatabase(async ({ sql }) => {
    await sql.unsafe(MAKE + mended);
    return sql`select enumlabel from pg_enum order by enumsortorder`;
  });
  expect(order.map(({ enumlabel }) => enumlabel)).toEqual(['sad', `o'k`, 'happy']);
});

test('where nothing is known of the type there is nothing to write', async () => {
  const { rewrite, edits } = await expectFinding(rule, ADD);
  expect([rewrite, edits]).toEqual([undefined, []]);
});

test('off unless it is asked for', async () => {
  expect(rule.level).toBe('off');
  expect(await lint(rule, { before: MAKE, sql: ADD, settings: { levels: new Map() } })).toEqual([]);
});

test.each([
  ['BEFORE', { before: MAKE, sql: `ALTER TYPE mood ADD VALUE 'happy' BEFORE 'sad';` }],
  ['AFTER', { before: MAKE, sql: `ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad';` }],
  ['a value renamed', { before: MAKE, sql: `ALTER TYPE mood RENAME VALUE 'sad' TO 'happy';` }],
  ['a type of the same deployment', { sql: [MAKE, ADD] }],
  ['a value that is there', { before: MAKE, sql: `ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad';` }],
])('silent: %s', async (_, input) => {
  await expectClean(rule, input);
});
