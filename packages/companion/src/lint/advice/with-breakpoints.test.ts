import { describe, expect, test } from 'vitest';
import { judge } from '../../../test/lint/judge.ts';
import { judgeExample } from '../../../test/lint/judge-example.ts';
import { readRulePage } from '../../../test/lint/rule-page.ts';
import { loadSqlParser } from '../../sql/parser.ts';
import { missingStatementBreakpoint } from '../rules/missing-statement-breakpoint.ts';
import { RULES } from '../rules.ts';
import { withBreakpoints } from './with-breakpoints.ts';

const MARK = '--> statement-breakpoint';

test.each([
  ['one statement', 'SELECT 1;', 'SELECT 1;'],
  ['two', 'SELECT 1;\nSELECT 2;', `SELECT 1;${MARK}\nSELECT 2;`],
  ['what stands apart', `SELECT 1;${MARK}\nSELECT 2;`, `SELECT 1;${MARK}\nSELECT 2;`],
  ['a remark between them', 'SELECT 1;\n-- then\nSELECT 2;', `SELECT 1;${MARK}\n-- then\nSELECT 2;`],
  ['a remark behind one', 'SELECT 1; -- first\nSELECT 2;', `SELECT 1; -- first\n${MARK}\nSELECT 2;`],
  ['semicolons inside one', 'DO $$ BEGIN PERFORM 1; END $$;', 'DO $$ BEGIN PERFORM 1; END $$;'],
  ['what does not parse', 'SELEC 1;\nSELECT 2;', 'SELEC 1;\nSELECT 2;'],
])('%s', async (_, sql, expected) => {
  const parser = await loadSqlParser();
  expect(withBreakpoints({ title: 'this migration', sql }, parser)).toEqual({
    title: 'this migration',
    sql: expected,
  });
});

test.each(['in batches outside of migrations', 'by hand, before the deployment'])(
  'what is no migration: %s',
  async (title) => {
    const rewrite = { title, sql: 'SELECT 1;\nSELECT 2;' };
    expect(withBreakpoints(rewrite, await loadSqlParser())).toEqual(rewrite);
  },
);

describe('what the pages of the rules show is pasted without a word', () => {
  test.each(RULES.filter(({ family }) => family !== 'linter').map((rule) => [rule.id, rule] as const))(
    '%s',
    async (id, rule) => {
      const page = readRulePage(id);
      const told: string[] = [];
      for (const example of page.examples.filter(({ kind }) => kind === 'bad')) {
        const rewrites = (await judgeExample(page, example, rule)).flatMap(({ rewrite = [] }) => rewrite);
        for (const { title = '', sql } of rewrites) {
          if (/^(in batches|by hand)/.test(title)) continue;
          const { findings } = await judge({ sources: sql, rules: [missingStatementBreakpoint] });
          told.push(...findings.map(({ finding }) => `${title}: ${finding.message}`));
        }
      }
      expect(told).toEqual([]);
    },
  );
});
