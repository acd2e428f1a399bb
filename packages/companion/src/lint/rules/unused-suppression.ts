import { defineRule } from '../rule.ts';

/** Told by the linter itself, which knows it before any rule does. */
export const unusedSuppression = defineRule({
  id: 'unused-suppression',
  family: 'linter',
  level: 'warning',
  title: 'A comment allows what nothing finds any more',
});
