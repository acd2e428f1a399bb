import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../../src/lint/rules.ts';
import { renderLintCodes } from './lint-codes.ts';
import { ROOT, UPDATE } from './pages.ts';

const FILE = join(ROOT, 'packages/companion/src/kernel/lint-codes.ts');

it('kernel/lint-codes.ts has the codes, titles and options of all rules', () => {
  const text = renderLintCodes(RULES);
  if (UPDATE) writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8'), 'UPDATE_DOCS=1 writes it anew').toBe(text);
});
