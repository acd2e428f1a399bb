import type { Mending } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { LintFinding, LintResult } from '../../lint/lint-migrations.ts';
import type { LintSettings } from '../../lint/lint-settings.ts';
import type { MendedFile } from '../../lint/mend-jobs.ts';
import type { CompanionSettings } from '../../settings/companion-config.ts';
import { isQuiet } from '../judge-findings.ts';
import { askLedger } from './ask-ledger.ts';
import { describeKept } from './describe-kept.ts';
import { forbidMending } from './forbid-mending.ts';
import type { LintOptions } from './options.ts';
import type { TargetPlan } from './plan-target.ts';

type MendInput = {
  readonly plans: readonly TargetPlan[];
  readonly companion: CompanionSettings;
  readonly settings: LintSettings;
  readonly options: LintOptions;
};

export type Mended = {
  /** What is found in the files as they are now. */
  readonly result: LintResult;
  readonly files: readonly MendedFile[];
  readonly mending: Mending;
  readonly notes: readonly string[];
};

/** Writes what is mechanical into files that nobody else has. Asks the ledger where something could be written. */
export async function mendTargets({ plans, companion, settings, options }: MendInput): Promise<Mended> {
  const { openLinter } = await import('../../lint/lint-jobs.ts');
  const { mendJobs } = await import('../../lint/mend-jobs.ts');
  const linter = await openLinter(settings);
  const isShown = (finding: Finding) =>
    !isQuiet(finding, companion) &&
    (options.infos || (companion.levels.get(finding.code) ?? finding.level) !== 'info');
  const isWanted = ({ finding, edits }: LintFinding) => edits.length > 0 && isShown(finding);
  const forbidden = new Map<string, string>();
  const notes = new Set<string>();
  for (const plan of plans) {
    const { folder } = plan.target;
    if (!plan.jobs.flatMap((job) => linter.lint(job).findings).some(isWanted)) continue;
    const ledger = folder === null ? null : await askLedger(folder, options);
    if (ledger === null && folder !== null && plan.merged?.names !== null) notes.add(BY_GIT_ALONE);
    for (const [file, reason] of forbidMending(plan, ledger)) forbidden.set(file, reason);
  }
  const mayMend = (finding: Finding) =>
    finding.file !== undefined && !forbidden.has(finding.file) && isShown(finding);
  const mend = () =>
    mendJobs(
      plans.flatMap(({ jobs }) => jobs),
      mayMend,
      linter,
    );
  let mended = mend();
  // A text that could not be written is judged as it lies there.
  for (const { file, reason } of await findUnwritable(mended.files)) {
    forbidden.set(file, reason);
    mended = mend();
  }
  const { writeMended } = await import('../../lint/write-mended.ts');
  for (const file of mended.files) writeMended(file);
  for (const file of mended.broken)
    forbidden.set(file, 'mended, it would be SQL that PostgreSQL cannot read');
  return {
    result: mended.result,
    files: mended.files,
    mending: {
      written: mended.files.map(({ file, codes }) => ({ file, codes })),
      kept: describeKept(
        mended.result.findings.filter(({ finding }) => isShown(finding)),
        forbidden,
      ),
    },
    notes: [...notes],
  };
}

const BY_GIT_ALONE =
  'No database is named: what must not be written to was judged by git alone. With one, --fix leaves alone what is applied there, too.';

async function findUnwritable(
  files: readonly MendedFile[],
): Promise<readonly { readonly file: string; readonly reason: string }[]> {
  const { whyUnwritable } = await import('../../lint/write-mended.ts');
  return files.flatMap((one) => {
    const reason = whyUnwritable(one);
    return reason === null ? [] : [{ file: one.file, reason }];
  });
}
