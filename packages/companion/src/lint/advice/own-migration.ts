import type { LintRunner, LintStatement } from '../migration.ts';
import { isAlone } from '../reading/is-alone.ts';

/** Title of a rewrite that PostgreSQL refuses inside a transaction. Stock drizzle has no place for it. */
export function titleOutside(runner: LintRunner): string {
  return runner === 'drizzle' ? 'by hand, before the deployment' : 'a migration of its own';
}

/** Where such a statement goes: the half of a sentence behind "with CONCURRENTLY". */
export function whereOutside(runner: LintRunner): string {
  return runner === 'drizzle'
    ? 'by hand before the deployment: stock drizzle runs every migration in a transaction, where PostgreSQL refuses CONCURRENTLY'
    : 'in a migration of its own, which then runs outside a transaction';
}

/** Can CONCURRENTLY be written into this very file, and nothing else change by it? */
export function canRunOutside(statement: LintStatement, runner: LintRunner): boolean {
  if (runner === 'drizzle' || statement.nested) return false;
  return isAlone(statement) || statement.transaction === null;
}
