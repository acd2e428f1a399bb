import { defineRule } from '../rule.ts';

/** Told by the linter itself, which knows it before any rule does. */
export const invalidSuppression = defineRule({
  id: 'invalid-suppression',
  family: 'linter',
  level: 'error',
  title: 'A comment allows a rule without a reason, or one that is not there',
});
