import { readFileSync } from 'node:fs';
import type { CheckResult, Mending } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { buildLintSettings } from '../../lint/build-lint-settings.ts';
import { NO_COMPANION_CONFIG } from '../../settings/companion-config.ts';
import { loadCompanionConfig } from '../../settings/load-companion-config.ts';
import { judgeFindings } from '../judge-findings.ts';
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
  const settings = buildLintSettings(companion, options.postgresVersion);
  const jobs = plans.flatMap((plan) => plan.jobs);
  const sources = new Map(jobs.flatMap(({ migrations }) => migrations.map(({ file, sql }) => [file, sql])));
  const notes = plans.flatMap(({ note }) => note ?? []);
  let found: readonly Finding[] = [];
  let allowed: readonly Finding[] = [];
  let mending: Mending | null = null;
  if (options.fix) {
    const { mendTargets } = await import('./mend-targets.ts');
    const mended = await mendTargets({ plans, companion, settings, options });
    for (const { file, after } of mended.files) sources.set(file, after);
    found = mended.result.findings.map(({ finding }) => finding);
    ({ allowed } = mended.result);
    ({ mending } = mended);
    notes.push(...mended.notes);
  } else if (jobs.length > 0) {
    const { lintJobs } = await import('../../lint/lint-jobs.ts');
    const result = await lintJobs(jobs, settings);
    found = result.findings.map(({ finding }) => finding);
    ({ allowed } = result);
  }
  const configText = companion.file === null ? null : readFileSync(companion.file, 'utf8');
  const { findings, excepted } = judgeFindings([...plans.flatMap(({ faults }) => faults), ...found], {
    companion,
    configText,
    isComplete: (code, migration) => code.startsWith('lint/') && isJudged(migration, plans),
  });
  if (companion.file !== null && configText !== null) sources.set(companion.file, configText);
  const reasons = plans.flatMap(({ notChecked }) => notChecked ?? []);
  const files = jobs.flatMap(({ migrations }) => migrations.filter(({ linted }) => linted)).length;
  return { findings, excepted, allowed, sources, files, notes, reasons, mending };
}

/** An exception for a migration that was not linted in this run may be needed all the same. */
function isJudged(migration: string, plans: readonly TargetPlan[]): boolean {
  return plans.some(({ jobs }) =>
    jobs.some(({ migrations }) => migrations.some(({ name, linted }) => linted && name === migration)),
  );
}
