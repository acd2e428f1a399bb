import type { StatusReport } from '../../kernel/status.ts';

/** The migrations that have run on a database, those among them that have run in part. Pure. */
export function listApplied({ comparison, facts }: StatusReport): ReadonlySet<string> {
  const rows = comparison.migrations.filter(({ row }) => row !== null).map(({ migration }) => migration.name);
  const begun = [...facts.values()].filter(({ statementsDone, inFlight }) => statementsDone > 0 || inFlight);
  return new Set([...rows, ...begun.map(({ name }) => name)]);
}
