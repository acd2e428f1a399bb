import type { TargetPlan } from './plan-target.ts';

/** Why a file must stay as it is; a file that is not listed may be written. Pure. */
export function forbidMending(
  { jobs, merged }: TargetPlan,
  applied: ReadonlySet<string> | null,
): ReadonlyMap<string, string> {
  const forbidden = new Map<string, string>();
  if (merged === null) return forbidden;
  for (const { name, file } of jobs.flatMap(({ migrations }) => migrations)) {
    const reason = findReason(name);
    if (reason !== null) forbidden.set(file, reason);
  }
  return forbidden;

  function findReason(name: string): string | null {
    if (applied?.has(name)) return 'it is applied';
    if (merged?.names?.has(name)) {
      return merged.reason === null
        ? `it is on ${merged.base}`
        : `it is committed, and what is merged cannot be told: ${merged.reason}`;
    }
    if (merged?.names !== null || applied !== null) return null;
    return `nothing says whether others have it: ${merged.reason}; and no database is named`;
  }
}
