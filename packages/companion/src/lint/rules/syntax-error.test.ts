import { withDatabase } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../test/lint/judge.ts';
import { syntaxError as rule } from './syntax-error.ts';

test('at the word that PostgreSQL stumbles over, to the end of the statement', async () => {
  const { findings } = await judge({
    sources: 'CREATE TABLE "a" ();\r\nALTER TABEL "é🙂" ADD COLUMN b int;\r\nSELECT 1;',
    rules: [rule],
  });
  expect(findings.map(({ finding }) => finding)).toMatchObject([
    {
      code: 'lint/syntax-error',
      level: 'error',
      message:
        'PostgreSQL cannot read this statement: syntax error at or near "TABEL". The migration would fail here.',
      line: 2,
      column: 7,
      endLine: 2,
      docs: 'docs/rules/syntax-error.md',
    },
  ]);
});

test('each of several', async () => {
  const { findings } = await judge({ sources: 'SELEC 1;\nSELECT 2;\nDORP TABLE a;\n', rules: [rule] });
  expect(findings.map(({ finding }) => finding.line)).toEqual([1, 3]);
});

test('a text without an end takes the rest of the file with it', async () => {
  const { findings } = await judge({ sources: "SELECT 1;\nSELECT 'it;\nSELECT 2;\n", rules: [rule] });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.finding.line).toBe(2);
});

test.each([
  ['SELECT 1'],
  ['-- nothing but a remark\n'],
  [''],
  ['DO $$ BEGIN this is no PL/pgSQL; END $$;'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELEC 1 $$;'],
])('silent: %s', async (sql) => {
  const { findings } = await judge({ sources: sql, rules: [rule] });
  expect(findings).toEqual([]);
});

test('a file that is not judged may be as it is', async () => {
  const { findings } = await judge({ sources: [{ sql: 'SELEC 1;', linted: false }], rules: [rule] });
  expect(findings).toEqual([]);
});

describe('a byte order mark', () => {
  const sql = '\ufeffALTER TABLE a ADD COLUMN b int;\n';

  test('is sent by stock drizzle, and refused by PostgreSQL', async () => {
    const { findings } = await judge({ sources: sql, rules: [rule], settings: { runner: 'drizzle' } });
    expect(findings).toMatchObject([
      {
        finding: { line: 1, column: 1, message: expect.stringContaining('byte order mark') },
        edits: [{ start: 0, end: 1, text: '' }],
      },
    ]);
    await withDatabase(async ({ sql: db }) => {
      await expect(db.unsafe('\ufeffSELECT 1')).rejects.toMatchObject({ code: '42601' });
    });
  });

  test('is not sent by ours', async () => {
    expect(await judge({ sources: sql, rules: [rule] })).toMatchObject({ findings: [] });
  });
});
