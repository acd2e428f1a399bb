import type { LintStatement } from '../migration.ts';

/** Is it all that its migration does? Then the migration can as well run without a transaction. */
export function isAlone({ migration }: LintStatement): boolean {
  return migration.statements.length === 1 && migration.syntaxFaults.length === 0;
}
