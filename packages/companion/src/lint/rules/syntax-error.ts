import { defineRule } from '../rule.ts';

/** Told by the linter itself, which knows it before any rule does. */
export const syntaxError = defineRule({
  id: 'syntax-error',
  family: 'linter',
  level: 'error',
  title: 'A statement that PostgreSQL cannot read',
});
