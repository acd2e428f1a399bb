import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { setLocalWithoutTransaction as rule } from './set-local-without-transaction.ts';

const INDEX = 'CREATE INDEX CONCURRENTLY a_b ON a (b);';

test('before an index that is built CONCURRENTLY', async () => {
  const sql = `SET LOCAL statement_timeout = '1h';--> statement-breakpoint\n${INDEX}`;
  const { text, message, rewrite } = await expectFinding(rule, sql);
  expect(text).toBe("SET LOCAL statement_timeout = '1h'");
  expect(message).toBe(
    "The migration runs without a transaction: CREATE INDEX CONCURRENTLY cannot run inside a transaction (line 2). LOCAL ends with the statement's own, so that statement_timeout is set for none of the statements behind it.",
  );
  expect(rewrite).toEqual([{ title: 'this migration', sql: "SET statement_timeout = '1h';" }]);
  await expectFixed(rule, sql, `SET statement_timeout = '1h';--> statement-breakpoint\n${INDEX}`);
});

test('by set_config', async () => {
  await expectFixed(
    rule,
    `SELECT set_config('lock_timeout', '1s', true);\n${INDEX}`,
    `SELECT set_config('lock_timeout', '1s', false);\n${INDEX}`,
  );
});

test('an isolation level', async () => {
  const { hint, edits } = await expectFinding(
    rule,
    '-- drizzle-companion: no-transaction\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nUPDATE a SET b = 1 WHERE c;',
  );
  expect(hint).toContain('between BEGIN and COMMIT');
  expect(edits).toEqual([]);
});

test('behind a COMMIT', async () => {
  await expectFinding(
    rule,
    `UPDATE a SET b = 1 WHERE c;\nCOMMIT;\nSET LOCAL lock_timeout = '1s';\nANALYZE a;`,
  );
});

test.each([
  ['in the transaction of the migration', "SET LOCAL lock_timeout = '1s';\nALTER TABLE a ADD b int;"],
  ['without LOCAL', `SET lock_timeout = '1s';\n${INDEX}`],
  [
    'in a transaction of the file',
    `-- drizzle-companion: no-transaction\nBEGIN;\nSET LOCAL lock_timeout = '1s';\nALTER TABLE a ADD b int;\nCOMMIT;\n${INDEX}`,
  ],
  ['before the COMMIT', `SET LOCAL lock_timeout = '1s';\nALTER TABLE a ADD b int;\nCOMMIT;\n${INDEX}`],
  ['in a block', `DO $$ BEGIN SET LOCAL lock_timeout = '1s'; UPDATE a SET b = 1 WHERE c; END $$;\n${INDEX}`],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});
