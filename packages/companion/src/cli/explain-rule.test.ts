import { expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { explainRule } from './explain-rule.ts';
import { LOG } from './output/test-samples.ts';

const explain = (rule: string, given: readonly string[] = [], files: readonly string[] = []) =>
  explainRule({ rule, files, given: new Set(['explain', ...given]), style: LOG });

function faultOf(run: () => string): CompanionError {
  try {
    run();
  } catch (error) {
    if (error instanceof CompanionError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test('prints the page of a rule, by its name or its code', () => {
  expect(explain('drop-column')).toMatch(/^lint\/drop-column\n\nDROP COLUMN breaks/);
  expect(explain('lint/drop-column')).toBe(explain('drop-column'));
  expect(explain('drop-column', ['color', 'verbose'])).toBe(explain('drop-column'));
});

test('what is no rule is refused, with the nearest one', () => {
  const error = faultOf(() => explain('drop-colum'));
  expect(error.code).toBe('usage-invalid');
  expect(error.message).toBe('--explain: there is no rule drop-colum; did you mean drop-column?');
  expect(faultOf(() => explain('../README')).message).toBe('--explain: there is no rule ../README');
});

test.each([
  [['fix'], [], '--explain, --fix: '],
  [['all', 'staged'], [], '--explain, --all, --staged: '],
  [['format'], [], '--explain, --format: '],
  [[], ['a.sql'], '--explain, a.sql: '],
])('it stands alone: %j %j', (given, files, words) => {
  expect(faultOf(() => explain('drop-column', given, files)).message).toContain(words);
});
