import { expect, test } from 'vitest';
import { parseLintKey } from './parse-lint-key.ts';

function parse(lint: unknown) {
  const faults: string[] = [];
  return { lint: parseLintKey(lint, (path, message) => void faults.push(`${path} ${message}`)), faults };
}

test('runner and small tables; without the key our runner, and no small table', () => {
  expect(parse({ runner: 'drizzle', smallTables: ['settings', 'billing.plans'] })).toEqual({
    lint: { runner: 'drizzle', smallTables: ['settings', 'billing.plans'] },
    faults: [],
  });
  expect(parse(undefined)).toEqual({ lint: { runner: 'companion', smallTables: [] }, faults: [] });
});

test.each<[unknown, string[]]>([
  [{ runer: 'drizzle' }, ['lint.runer is not a key; did you mean runner?']],
  [{ runner: 'flyway' }, ['lint.runner is "flyway", and must be one of companion, drizzle']],
  [
    { smallTables: 'settings' },
    ['lint.smallTables must be a list of table names, such as "settings" or "billing.plans"'],
  ],
  [
    { smallTables: ['a.b.c'] },
    ['lint.smallTables must be a list of table names, such as "settings" or "billing.plans"'],
  ],
  [7, ['lint must be an object']],
])('%j is told', (lint, faults) => {
  expect(parse(lint).faults).toEqual(faults);
});
