import { expect, test } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import type { LintRunner } from './migration.ts';
import { numberTransactions } from './number-transactions.ts';
import { parseMigration } from './parse-migration.ts';

const BREAK = '--> statement-breakpoint\n';

/** The transaction of each statement, file by file; `batches` as long as `files`. */
async function numberOf(runner: LintRunner, files: readonly string[], batches = files.map(() => 1)) {
  const parser = await loadSqlParser();
  const numbers = numberTransactions(runner);
  return files.map((sql, place) => {
    const source = { name: `${place}`, file: `/${place}.sql`, sql, batch: batches[place] ?? 0, linted: true };
    return parseMigration(source, { parser, numbers }).statements.map(({ transaction }) => transaction);
  });
}

test('ours: a transaction for each file, and none for a file that cannot have one', async () => {
  const files = ['SELECT 1; SELECT 2;', 'VACUUM; SELECT 3;', 'SELECT 4;'];
  expect(await numberOf('companion', files)).toEqual([[0, 0], [null, null], [1]]);
});

test('ours: the blocks of a file that manages them itself', async () => {
  const sql = 'SELECT 1; COMMIT; SELECT 2; BEGIN; SELECT 3; SELECT 4; COMMIT;';
  expect(await numberOf('companion', [sql])).toEqual([[0, null, null, null, 1, 1, null]]);
});

test('stock: one for everything that is pending, an empty file among it', async () => {
  const files = ['-- nothing\n', 'SELECT 1;', 'VACUUM;', 'SELECT 2;'];
  expect(await numberOf('drizzle', files, [1, 1, 1, 2])).toEqual([[], [0], [0], [1]]);
});

test('stock: an empty file first does not join two deployments', async () => {
  expect(await numberOf('drizzle', ['SELECT 1;', '', 'SELECT 2;'], [1, 2, 2])).toEqual([[0], [], [1]]);
});

test('stock: a COMMIT ends it for all that follows, message by message', async () => {
  const files = [
    `SELECT 1;${BREAK}COMMIT;${BREAK}VACUUM;${BREAK}SELECT 2; SELECT 3;`,
    'SELECT 4;',
    'SELECT 5;',
  ];
  expect(await numberOf('drizzle', files)).toEqual([[0, null, null, 1, 1], [null], [null]]);
});

test('stock: a COMMIT in one message with what must not be in a transaction does not help it', async () => {
  expect(await numberOf('drizzle', ['COMMIT; VACUUM;'])).toEqual([[null, 1]]);
});

test('stock: a new BEGIN begins a new one', async () => {
  const sql = `SELECT 1;${BREAK}COMMIT;${BREAK}BEGIN;${BREAK}SELECT 2;`;
  expect(await numberOf('drizzle', [sql, 'SELECT 3;'])).toEqual([[0, null, null, 1], [1]]);
});
