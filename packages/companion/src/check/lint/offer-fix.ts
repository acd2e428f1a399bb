import { relative } from 'node:path';
import type { Finding } from '../../kernel/finding.ts';
import type { LintOptions } from './options.ts';
import type { TargetPlan } from './plan-target.ts';
import { STANDARD_INPUT } from './resolve-targets.ts';

type OfferInput = { readonly plans: readonly TargetPlan[]; readonly options: LintOptions };

/** The command that mends a finding: none for a file that must stay as it is, with the file where it was named. Pure. */
export function offerFix(finding: Finding, { plans, options }: OfferInput): Finding {
  const { fix, file, migration, ...rest } = finding;
  if (fix === undefined || file === undefined) return finding;
  const { cwd, files, staged, fix: isMending } = options;
  const placed = { ...rest, file, ...(migration === undefined ? {} : { migration }) };
  const isMerged = plans.some(
    ({ jobs, merged }) =>
      merged?.names?.has(migration ?? '') === true &&
      jobs.some(({ migrations }) => migrations.some((one) => one.file === file)),
  );
  // What --fix did not mend it will not mend the next time.
  if (isMending || isMerged || file === STANDARD_INPUT || files.includes('-')) return placed;
  return files.length === 0 || staged ? finding : { ...placed, fix: `${fix} ${relative(cwd, file)}` };
}
