import { expect, test } from 'vitest';
import { loadSqlParser } from '../../sql/parser.ts';
import { numberTransactions } from '../number-transactions.ts';
import { parseMigration } from '../parse-migration.ts';
import { commandSpans, withoutCommands } from './alter-parts.ts';

async function parse(sql: string) {
  const parser = await loadSqlParser();
  const source = { name: '0001_test', file: '/test/0001_test.sql', sql, batch: 1, linted: true };
  const { statements } = parseMigration(source, { parser, numbers: numberTransactions('companion') });
  const [statement] = statements.slice(-1);
  if (statement === undefined) throw new Error(`no statement in ${sql}`);
  return statement;
}

test.each([
  ['ALTER TABLE a ADD COLUMN b int', ['ADD COLUMN b int']],
  [
    'SELECT 1; ALTER TABLE IF EXISTS ONLY "x, y"."a b" ADD b numeric(10, 2), DROP c;',
    ['ADD b numeric(10, 2)', 'DROP c'],
  ],
  [
    "ALTER TABLE ONLY (a) ADD b int[] DEFAULT ARRAY[1, 2], ALTER c SET DEFAULT 'x, y'",
    ['ADD b int[] DEFAULT ARRAY[1, 2]', "ALTER c SET DEFAULT 'x, y'"],
  ],
  ['ALTER TABLE a * DROP b -- the last, they say\n, DROP c', ['DROP b', 'DROP c']],
  ['ALTER TABLE größe ADD "ü" int, DROP ö', ['ADD "ü" int', 'DROP ö']],
  ['ALTER TABLE db.public.a ADD CHECK (b IN (1, 2)), DROP c', ['ADD CHECK (b IN (1, 2))', 'DROP c']],
])('the commands of %s', async (sql, commands) => {
  const spans = commandSpans(await parse(sql));
  expect(spans?.map(({ start, end }) => sql.slice(start, end))).toEqual(commands);
});

test('a statement that is none has no commands', async () => {
  expect(commandSpans(await parse('SELECT 1, 2'))).toBeNull();
});

test('what is left when some are taken out', async () => {
  const statement = await parse('SELECT 1;\nALTER TABLE a ADD b int UNIQUE, DROP c, DROP d;');
  const spans = commandSpans(statement) ?? [];
  const unique = statement.start + statement.text.indexOf(' UNIQUE');
  const edits = [{ start: unique, end: unique + ' UNIQUE'.length, text: '' }];
  expect(withoutCommands(statement, spans, { dropped: new Set([1]), edits })).toBe(
    'ALTER TABLE a ADD b int, DROP d;',
  );
  expect(withoutCommands(statement, spans, { dropped: new Set([0, 1, 2]), edits: [] })).toBeNull();
});
