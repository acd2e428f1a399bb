import { expect, test } from 'vitest';
import { judge } from '../../../test/lint/judge.ts';
import { RULES } from '../rules.ts';
import { unusedSuppression as rule } from './unused-suppression.ts';

test('a comment that outlived what it was for', async () => {
  const { findings } = await judge({
    sources:
      'CREATE TABLE a (b int);\n-- drizzle-companion: allow create-index-concurrently the table is small\nCREATE INDEX a_b ON a (b);',
    rules: RULES,
  });
  expect(
    findings.map(({ finding }) => finding).filter(({ code }) => code === `lint/${rule.id}`),
  ).toMatchObject([
    {
      level: 'warning',
      message:
        'Nothing in the next statement needs this any more: create-index-concurrently has nothing to say, and would be hidden when it has.',
      line: 2,
      column: 1,
      endLine: 2,
    },
  ]);
});

test('one that is needed', async () => {
  const { findings, allowed } = await judge({
    sources:
      '-- drizzle-companion: allow create-index-concurrently the table is small\nCREATE INDEX a_b ON a (b);',
    rules: RULES,
  });
  expect(findings.filter(({ finding }) => finding.level !== 'info')).toEqual([]);
  expect(allowed.map(({ code }) => code)).toContain('lint/create-index-concurrently');
});
