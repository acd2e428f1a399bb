import { readFileSync } from 'node:fs';
import type { CheckResult, Mending } from '../../kernel/check-result.ts';
import { buildLintSettings } from '../../lint/build-lint-settings.ts';
import type { LintResult } from '../../lint/lint-migrations.ts';
import { type CompanionSettings, NO_COMPANION_CONFIG } from '../../settings/companion-config.ts';
import { loadCompanionConfig } from '../../settings/load-companion-config.ts';
import { judgeFindings } from '../judge-findings.ts';
import { describeUnknownTables } from './describe-unknown-tables.ts';
import type { Mended } from './mend-targets.ts';
import { offerFix } from './offer-fix.ts';
import type { LintOptions } from './options.ts';
import { type LintTarget, planTarget, type TargetPlan } from './plan-target.ts';

/** What was found under one companion config. */
export type LintPart = Pick<CheckResult, 'findings' | 'excepted' | 'allowed' | 'sources' | 'files'> & {
  readonly notes: readonly string[];
  readonly reasons: readonly string[];
  readonly mending: Mending | null;
};

/** Lints, and mends if that is wanted, what one companion config is for; `project` is the directory that it lies in. */
export async function lintProject(
  project: string | null,
  targets: readonly LintTarget[],
  options: LintOptions,
): Promise<LintPart> {
  const [companion, plans] = await Promise.all([
    project === null ? NO_COMPANION_CONFIG : loadCompanionConfig(project),
    Promise.all(targets.map((target) => planTarget(target, options))),
  ]);
  const judged = await judge(plans, companion, options);
  const configText = companion.file === null ? null : readFileSync(companion.file, 'utf8');
  const unknown = describeUnknownTables(judged.unknownTables, companion.file);
  const found = [...plans.flatMap(({ faults }) => faults), ...judged.findings, ...unknown];
  const { findings, excepted } = judgeFindings(found, {
    companion,
    configText,
    isComplete: (code, migration) => code.startsWith('lint/') && isJudged(migration, plans),
  });
  const linted = plans
    .flatMap(({ jobs }) => jobs)
    .flatMap(({ migrations }) => migrations.filter((migration) => migration.linted));
  const texts = new Map(linted.map(({ file, sql }) => [file, sql]));
  for (const { file, after } of judged.mended?.files ?? []) texts.set(file, after);
  if (companion.file !== null && configText !== null) texts.set(companion.file, configText);
  return {
    findings: findings.map((finding) => offerFix(finding, { plans, options })),
    excepted,
    allowed: judged.allowed,
    sources: texts,
    files: linted.length,
    notes: [...plans.flatMap(({ note }) => note ?? []), ...(judged.mended?.notes ?? [])],
    reasons: plans.flatMap(({ notChecked }) => notChecked ?? []),
    mending: judged.mended?.mending ?? null,
  };
}

type Judged = Pick<LintPart, 'findings' | 'allowed'> &
  Pick<LintResult, 'unknownTables'> & { readonly mended: Mended | null };

/** Nothing of the linter is loaded where nothing is to be linted. */
async function judge(
  plans: readonly TargetPlan[],
  companion: CompanionSettings,
  options: LintOptions,
): Promise<Judged> {
  const settings = buildLintSettings(companion, options.postgresVersion);
  const jobs = plans.flatMap((plan) => plan.jobs);
  if (options.fix) {
    const { mendTargets } = await import('./mend-targets.ts');
    const mended = await mendTargets({ plans, companion, settings, options });
    return { ...toFindings(mended.result), mended };
  }
  if (jobs.length === 0) return { findings: [], allowed: [], unknownTables: [], mended: null };
  const { lintJobs } = await import('../../lint/lint-jobs.ts');
  return { ...toFindings(await lintJobs(jobs, settings)), mended: null };
}

function toFindings({ findings, ...rest }: LintResult): Omit<Judged, 'mended'> {
  return { findings: findings.map(({ finding }) => finding), ...rest };
}

/** An exception for a migration that was not linted in this run may be needed all the same. */
function isJudged(migration: string, plans: readonly TargetPlan[]): boolean {
  return plans.some(({ jobs }) =>
    jobs.some(({ migrations }) => migrations.some(({ name, linted }) => linted && name === migration)),
  );
}
