import { expect, test } from 'vitest';
import { judge } from '../../../test/lint/judge.ts';
import { RULES } from '../rules.ts';
import { invalidSuppression as rule } from './invalid-suppression.ts';

test.each([
  ['allow create-index-concurrently', 'does not say why'],
  ['allow create-index-concurrentyl the table is small', 'There is no rule create-index-concurrentyl'],
  ['allow-file', 'allows no rule'],
])('%s', async (wish, said) => {
  const { findings } = await judge({
    sources: `-- drizzle-companion: ${wish}\nCREATE INDEX a_b ON a (b);`,
    rules: RULES,
  });
  const found = findings.map(({ finding }) => finding);
  const [own] = found.filter(({ code }) => code === `lint/${rule.id}`);
  expect(own).toMatchObject({ level: 'error', line: 1, column: 1 });
  expect(own?.message).toContain(said);
  // What it was to allow is told all the same.
  expect(found.map(({ code }) => code)).toContain('lint/create-index-concurrently');
});

test('a comment with a rule and a reason', async () => {
  const { findings } = await judge({
    sources:
      '-- drizzle-companion: allow create-index-concurrently the table is small\nCREATE INDEX a_b ON a (b);',
    rules: RULES,
  });
  expect(findings.filter(({ finding }) => finding.code === `lint/${rule.id}`)).toEqual([]);
});
