import type { Rule } from './rule.ts';
import { createIndexConcurrently } from './rules/create-index-concurrently.ts';
import { invalidSuppression } from './rules/invalid-suppression.ts';
import { syntaxError } from './rules/syntax-error.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';

/** Every rule of the linter, in the order of their names; `pnpm new-rule` keeps it. */
export const RULES: readonly Rule[] = [
  createIndexConcurrently,
  invalidSuppression,
  syntaxError,
  unusedSuppression,
];
