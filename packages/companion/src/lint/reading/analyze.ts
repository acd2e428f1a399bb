import type { LintStatement } from '../migration.ts';

/** ANALYZE by itself, which VACUUM is not. */
export function isAnalyze({ node }: LintStatement): boolean {
  return 'VacuumStmt' in node && node.VacuumStmt.is_vacuumcmd !== true;
}
