import { expect, test } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import { lintMigrations } from './lint-migrations.ts';
import { type MendResult, mendJobs } from './mend-jobs.ts';
import { defineRule, type Edit, type Rule } from './rule.ts';

/** Replaces a word wherever it stands, as `by` says; each place is a finding of its own. */
function replaceWord(id: string, word: string, by: string): Rule {
  return defineRule({
    id,
    family: 'style',
    level: 'warning',
    title: id,
    statement: (statement) =>
      statement
        .tokens()
        .filter(({ text }) => text === word)
        .map(({ start, end }): { statement: typeof statement; message: string; edits: readonly Edit[] } => ({
          statement,
          message: `${word} at ${start}`,
          edits: [{ start, end, text: by }],
        })),
  });
}

async function mend(
  sql: string,
  rules: readonly Rule[],
  isMendable: () => boolean = () => true,
): Promise<MendResult & { readonly after: string | undefined }> {
  const parser = await loadSqlParser();
  const settings = {
    levels: new Map(),
    options: new Map(),
    postgresVersion: 14,
    runner: 'companion' as const,
    smallTables: [],
  };
  const migrations = [{ name: '0000_a', file: '/a.sql', sql, batch: 0, linted: true }];
  const result = mendJobs([{ migrations, snapshot: null }], isMendable, {
    lint: (job) => lintMigrations({ ...job, rules, settings, parser }),
    parses: (text) => {
      try {
        return parser.parse(text).length >= 0;
      } catch {
        return false;
      }
    },
  });
  return { ...result, after: result.files[0]?.after };
}

const codesLeft = ({ result }: MendResult) => result.findings.map(({ finding }) => finding.code);

test('all edits are made, and what is left is found in the mended text', async () => {
  const mended = await mend('SELECT a;\nSELECT a, b;\n', [
    replaceWord('no-a', 'a', 'b'),
    { ...replaceWord('no-comma', ',', ','), level: 'info' },
  ]);
  expect(mended.files).toEqual([
    {
      file: '/a.sql',
      before: 'SELECT a;\nSELECT a, b;\n',
      after: 'SELECT b;\nSELECT b, b;\n',
      codes: expect.arrayContaining(['lint/no-a']),
    },
  ]);
  expect(codesLeft(mended)).toEqual(['lint/no-comma']);
  expect(mended.result.findings[0]?.finding).toMatchObject({ line: 2 });
});

test('what one mending brings is mended in the next pass', async () => {
  const rules = [replaceWord('no-a', 'a', 'b'), replaceWord('no-b', 'b', 'c')];
  const mended = await mend('SELECT a;', rules);
  expect(mended.after).toBe('SELECT c;');
  expect(mended.files[0]?.codes).toEqual(['lint/no-a', 'lint/no-b']);
  expect(codesLeft(mended)).toEqual([]);
});

test('two that want the same place take turns', async () => {
  const rules = [replaceWord('first', 'a', 'b'), replaceWord('second', 'a', 'c')];
  expect((await mend('SELECT a;', rules)).after).toBe('SELECT b;');
});

test('a rule that never has enough ends, too', async () => {
  const mended = await mend('SELECT a;', [replaceWord('more', 'a', 'a, a')]);
  expect(mended.after?.length).toBeGreaterThan('SELECT a;'.length);
  expect(codesLeft(mended)).not.toEqual([]);
});

test('SQL that would not parse is thrown away, and the file with it', async () => {
  const mended = await mend('SELECT a;\nSELECT b;', [
    replaceWord('no-b', 'b', 'c'),
    replaceWord('bad', 'a', '(('),
  ]);
  expect(mended).toMatchObject({ files: [], broken: ['/a.sql'] });
  expect(codesLeft(mended)).toEqual(['lint/bad', 'lint/no-b']);
});

test('so is what a later pass would break', async () => {
  const mended = await mend('SELECT a;', [replaceWord('no-a', 'a', 'b'), replaceWord('bad', 'b', '((')]);
  expect(mended).toMatchObject({ files: [], broken: ['/a.sql'] });
  expect(codesLeft(mended)).toEqual(['lint/no-a']);
});

test('Windows line ends stay what they are', async () => {
  const mended = await mend('SELECT a;\r\nSELECT 1;\r\n', [replaceWord('no-a', 'a', 'b\n  , c')]);
  expect(mended.after).toBe('SELECT b\r\n  , c;\r\nSELECT 1;\r\n');
});

test('what must not be written to stays as it is, and is told', async () => {
  const mended = await mend('SELECT a;', [replaceWord('no-a', 'a', 'b')], () => false);
  expect(mended).toMatchObject({ files: [], broken: [] });
  expect(codesLeft(mended)).toEqual(['lint/no-a']);
});
