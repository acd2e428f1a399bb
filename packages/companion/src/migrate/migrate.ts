import { diagnoseForRun } from '../check/diagnose-history.ts';
import { refusePooler } from '../database/refuse-pooler.ts';
import { configureSession, openSession, type Session } from '../database/session.ts';
import { type FolderReading, readMigrationFolder } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import { DEFAULT_MIGRATE_SETTINGS, type MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import type { MigrateReport, StepReport } from '../kernel/report.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { compareLedger } from '../ledger/compare-ledger.ts';
import { ensureLedger, type LedgerReading, readLedger, upgradeLedger } from '../ledger/pg-ledger.ts';
import { applyPlan } from './apply-plan.ts';
import { readInvalidIndexes } from './invalid-indexes.ts';
import { withMigrationLock } from './migration-lock.ts';
import { planMigrate, selectMissing } from './plan-migrate.ts';
import { refuseBusyDatabase } from './preflight.ts';
import { refuse } from './refuse.ts';
import { shapeSteps } from './shape-steps.ts';
import { verifyApplied } from './verify-applied.ts';
import { withBlockerWatch } from './watch-blockers.ts';

type Run = {
  readonly address: LedgerAddress;
  readonly settings: MigrateSettings;
  readonly reading: FolderReading;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
};

/**
 * Applies what is missing, under a lock, one transaction for each migration. Silent: progress goes to `onEvent`.
 * @returns the report, in which every step is done. Throws CompanionError; `fields.report` tells how far it came.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateReport> {
  const started = performance.now();
  const settings: MigrateSettings = { ...DEFAULT_MIGRATE_SETTINGS, ...definedSettings(options) };
  refuseEndlessWait(settings);
  const run: Run = {
    address: options.ledger ?? DEFAULT_LEDGER,
    settings,
    reading: readMigrationFolder(options.folder),
    signal: options.signal,
    onEvent: options.onEvent ?? (() => undefined),
  };
  const session = await openSession(options, settings.waitMs, options.signal, run.onEvent);
  const report = (steps: readonly StepReport[], findings: readonly Finding[]): MigrateReport => ({
    steps,
    findings,
    database: session.facts.identity,
    durationMs: performance.now() - started,
  });
  try {
    run.onEvent({ type: 'connected', database: session.facts.identity });
    await refusePooler(session);
    await configureSession(session, settings);
    return await withMigrationLock(session, run.address, { ...run, ...settings }, async () => {
      const prepared = await prepare(session, run);
      const { plan } = prepared;
      if (plan.refusals.length > 0)
        throw refuse(plan).with({ report: report([], [...plan.refusals, ...plan.findings]) });
      run.onEvent({ type: 'planned', steps: plan.steps.length, applied: prepared.applied });
      for (const finding of plan.findings) run.onEvent({ type: 'finding', finding });
      if (plan.steps.length === 0) return report([], plan.findings);

      const applied = await apply(session, run, prepared);
      if (applied.error) {
        // A CONCURRENTLY build that failed has left something behind; a session that is lost cannot be asked.
        const left = await readInvalidIndexes(session).catch(() => []);
        throw applied.error.with({ report: report(applied.steps, [...plan.findings, ...left]) });
      }
      const findings = await verifyApplied(session, run.reading, run.address, settings);
      for (const finding of findings) run.onEvent({ type: 'finding', finding });
      return report(applied.steps, [...plan.findings, ...findings]);
    });
  } finally {
    await session.close();
  }
}

type Prepared = {
  readonly plan: MigratePlan;
  readonly facts: LedgerReading['facts'];
  /** How many migrations on disk have a row already. */
  readonly applied: number;
};

/** Reads the ledger, now that nobody else writes it, and plans. */
async function prepare(session: Session, run: Run): Promise<Prepared> {
  const { folder, history } = run.reading;
  let { ledger, facts } = await readLedger(session, run.address);
  const upgraded = await upgradeLedger(session, ledger, folder);
  if (upgraded !== null) {
    run.onEvent({ type: 'ledger-upgraded', rows: upgraded });
    ({ ledger, facts } = await readLedger(session, run.address));
  }
  const now = Date.now();
  const comparison = compareLedger(folder, ledger, now);
  const missing = selectMissing(comparison, run.settings);
  const shaped = await shapeSteps(missing);
  const plan = planMigrate({
    comparison,
    history: diagnoseForRun(history, now),
    steps: shaped.steps,
    shaping: shaped.findings,
    settings: run.settings,
  });
  const applied = comparison.migrations.filter(({ row }) => row !== null).length;
  return { plan, facts, applied };
}

async function apply(session: Session, run: Run, { plan, facts, applied }: Prepared) {
  const { settings, signal, onEvent, address, reading } = run;
  await refuseBusyDatabase(session, settings, signal);
  const version = await ensureLedger(session, address, reading.folder);
  return withBlockerWatch(session, settings.lockTimeoutMs, (watch) =>
    applyPlan(
      {
        session,
        ledger: { ...address, version },
        layout: reading.folder.layout,
        facts,
        onDisk: reading.folder.migrations.length,
        appliedBefore: applied,
        settings,
        signal,
        onEvent,
        watch,
      },
      plan,
    ),
  );
}

/** PostgreSQL takes 0 for no limit: a migration that waits for its lock that long stops everybody behind it. */
function refuseEndlessWait({ lockTimeoutMs }: MigrateSettings): void {
  if (lockTimeoutMs >= 1) return;
  throw new CompanionError('usage-invalid', {
    message: `--lock-timeout ${lockTimeoutMs}: a migration never waits for a lock without a limit.`,
    hint: 'Give it as long as your readers can wait, e.g. --lock-timeout 30s.',
  });
}

function definedSettings(options: MigrateOptions): Partial<MigrateSettings> {
  const keys = Object.keys(DEFAULT_MIGRATE_SETTINGS) as (keyof MigrateSettings)[];
  return Object.fromEntries(
    keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  );
}
