import type { Merged } from '../git/read-merged.ts';
import type { LedgerAnswer } from './ask-ledger.ts';
import type { LintFile } from './plan-folder.ts';
import type { TargetPlan } from './plan-target.ts';

/** Why a file must stay as it is; a file that is not listed may be written. Pure. */
export function forbidMending(
  { target, jobs, kept }: TargetPlan,
  ledger: LedgerAnswer | null,
): ReadonlyMap<string, string> {
  const forbidden = new Map<string, string>();
  for (const migration of jobs.flatMap(({ migrations }) => migrations)) {
    const reason = findReason(migration);
    if (reason !== null) forbidden.set(migration.file, reason);
  }
  return forbidden;

  function findReason(migration: LintFile): string | null {
    if (ledger?.applied.has(migration.name)) return 'it is applied';
    if (ledger?.isForeign) return 'the ledger that was asked is that of another project';
    for (const merged of kept) {
      const reason = describeMerged(migration, merged);
      if (reason !== null) return reason;
    }
    const [first] = kept;
    if (target.folder === null || first === undefined || first.names !== null || ledger !== null) return null;
    return `nothing says whether others have it: ${first.reason}; and no database is named`;
  }
}

function describeMerged({ name, sql }: LintFile, { names, texts, base, reason }: Merged): string | null {
  const isNamed = names?.has(name) === true;
  if (!isNamed && !texts.has(sql)) return null;
  const where = reason === null ? `on ${base}` : 'committed';
  const what = isNamed ? `it is ${where}` : `what it says is ${where}, under another name`;
  return reason === null ? what : `${what}, and what is merged cannot be told: ${reason}`;
}
