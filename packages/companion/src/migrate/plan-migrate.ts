import type { Comparison, MigrationState } from '../kernel/comparison.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { MigratePlan, PlanStep } from '../kernel/plan.ts';
import { isAccepted } from './accept.ts';

/** Findings that make going on unsafe unless accepted. Everything else is said and passed over. */
const REFUSED = new Set([
  'history/missing-file',
  'history/duplicate-name',
  'ledger/edited',
  'ledger/foreign',
  'ledger/stray',
  'plan/not-in-single-transaction',
  'plan/unknown-directive',
  'plan/copy-stream',
]);

export type MigratePlanInput = {
  /** With the findings of the history in it. */
  readonly comparison: Comparison;
  /** The missing migrations of `selectMissing`, cut into units. */
  readonly steps: readonly PlanStep[];
  /** What cutting them up found wrong (a directive nobody knows). */
  readonly shaping: readonly Finding[];
  readonly settings: MigrateSettings;
};

/** Which migrations are missing, up to `to`, in the folder's order. Throws `usage-invalid` for an unknown `to`. Pure. */
export function selectMissing(comparison: Comparison, settings: MigrateSettings): readonly MigrationOnDisk[] {
  const { migrations } = comparison;
  const end =
    settings.to === null
      ? migrations.length - 1
      : migrations.findIndex((m) => m.migration.name === settings.to);
  if (end === -1 && settings.to !== null)
    throw unknownTarget(
      settings.to,
      migrations.map((m) => m.migration.name),
    );
  const missing: readonly MigrationState[] = ['pending', 'gap'];
  return migrations
    .slice(0, end + 1)
    .filter((compared) => missing.includes(compared.state))
    .map((compared) => compared.migration);
}

/** What `migrate` will do, and why it will not. Pure. */
export function planMigrate(input: MigratePlanInput): MigratePlan {
  const { comparison, settings, steps } = input;
  const names = new Set(steps.map((step) => step.migration.name));

  const findings = [
    ...comparison.findings.filter((finding) => isAboutRun(finding, names)),
    ...input.shaping,
    ...(settings.singleTransaction ? steps.filter((step) => !step.transaction).map(notInOne) : []),
  ];
  const refused = (finding: Finding) =>
    (REFUSED.has(finding.code) || isUncertain(finding, names)) &&
    !isAccepted(settings.accept, finding.code, finding.migration ?? finding.row);
  return {
    steps,
    singleTransaction: settings.singleTransaction,
    findings: findings.filter((finding) => !refused(finding)),
    refusals: findings.filter(refused),
  };
}

/** What is pending is the plan itself; warnings about the history matter only for what will run. */
function isAboutRun(finding: Finding, names: ReadonlySet<string>): boolean {
  if (finding.code === 'ledger/pending') return false;
  if (!finding.code.startsWith('history/') || finding.level === 'error') return true;
  return (
    finding.code === 'history/orphan-file' ||
    (finding.migration !== undefined && names.has(finding.migration))
  );
}

/** A second row with other content, or one stamp for two files of which one is still to run: order or content is in doubt. */
function isUncertain(finding: Finding, names: ReadonlySet<string>): boolean {
  if (finding.code === 'ledger/duplicate') return finding.level === 'error';
  return (
    finding.code === 'history/duplicate-when' &&
    finding.migration !== undefined &&
    names.has(finding.migration)
  );
}

function notInOne(step: PlanStep): Finding {
  return {
    code: 'plan/not-in-single-transaction',
    level: 'error',
    message: `${step.migration.name} cannot run inside one transaction with others: ${step.reason ?? 'it manages transactions itself'}.`,
    migration: step.migration.name,
    file: step.migration.file,
    line: 1,
    hint: 'Leave --single-transaction out: each migration then has its own.',
    docs: 'docs/findings.md#plannot-in-single-transaction',
  };
}

function unknownTarget(to: string, names: readonly string[]): CompanionError {
  const close = names.filter((name) => name.includes(to) || to.includes(name)).slice(0, 3);
  return new CompanionError('usage-invalid', {
    message: `--to ${to}: no migration has that name.`,
    hint:
      close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `The newest is ${names.at(-1) ?? '(none)'}.`,
  });
}
