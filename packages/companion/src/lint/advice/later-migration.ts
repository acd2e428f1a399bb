import type { LintRunner } from '../migration.ts';

/** Title of a rewrite that must not share a transaction with the one before it. */
export function laterMigration(runner: LintRunner): string {
  // Stock drizzle runs all that is pending in one transaction.
  return runner === 'drizzle' ? 'a later deployment' : 'a later migration';
}
