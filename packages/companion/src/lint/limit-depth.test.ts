import { describe, expect, test } from 'vitest';
import { judge } from '../../test/lint/judge.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { limitDepth } from './limit-depth.ts';
import { RULES } from './rules.ts';

const sum = (terms: number) => Array.from({ length: terms }, () => '"a"').join(' + ');

describe('trees of any depth are judged', () => {
  test.each([
    ['an index', (sql: string) => `CREATE INDEX i ON t ((${sql}));`, 'lint/create-index-concurrently'],
    [
      'a CHECK',
      (sql: string) => `ALTER TABLE t ADD CONSTRAINT c CHECK (${sql} > 0);`,
      'lint/check-not-valid',
    ],
    [
      'a generated column',
      (sql: string) => `ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (${sql}) STORED;`,
      'lint/generated-stored-column',
    ],
    [
      'a DO block',
      (sql: string) => `DO $$ BEGIN UPDATE t SET a = ${sql}; END $$;`,
      'lint/update-or-delete-without-where',
    ],
  ])('%s over thousands of terms', async (_, build, code) => {
    for (const terms of [100, 1_000, 4_000]) {
      const { findings } = await judge({ sources: build(sum(terms)), rules: RULES });
      expect(findings.map(({ finding }) => finding.code)).toContain(code);
    }
  });
});

test('what people write is left as it is', async () => {
  const parser = await loadSqlParser();
  const sql = `CREATE VIEW v AS ${'SELECT * FROM ('.repeat(40)}SELECT ${sum(60)} AS a FROM t${') x'.repeat(40)};`;
  const [node] = parser.parse(sql);
  if (node === undefined) throw new Error('nothing was parsed');
  expect(limitDepth(node, sql)).toBe(node);
});
