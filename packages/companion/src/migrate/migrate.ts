import { refusePooler } from '../database/refuse-pooler.ts';
import { configureSession, openSession, type Session, type SessionSettings } from '../database/session.ts';
import { type FolderReading, readMigrationFolder } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import { notRun } from '../kernel/plan.ts';
import type { MigrateReport, StepReport } from '../kernel/report.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { ensureLedger, upgradeLedger } from '../ledger/pg-ledger.ts';
import { applyPlan } from './apply-plan.ts';
import { readInvalidIndexes } from './invalid-indexes.ts';
import { withMigrationLock } from './migration-lock.ts';
import { refuseBusyDatabase } from './preflight.ts';
import { completeSettings, type Prepared, prepareMigrate } from './prepare-migrate.ts';
import { refuse } from './refuse.ts';

import { verifyApplied } from './verify-applied.ts';
import { withBlockerWatch } from './watch-blockers.ts';

type Run = {
  readonly session: Session;
  readonly sessionSettings: SessionSettings;
  readonly address: LedgerAddress;
  readonly settings: MigrateSettings;
  readonly reading: FolderReading;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
  readonly report: ReportSoFar;
};

/** What the report will hold, whenever the run ends. */
type ReportSoFar = { steps: readonly StepReport[]; findings: readonly Finding[] };

/**
 * Applies what is missing, under a lock, one transaction for each migration. Silent: progress goes to `onEvent`.
 * @returns the report, in which every step is done. Throws CompanionError; `fields.report` tells how far it came.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateReport> {
  const started = performance.now();
  const settings = completeSettings(options);
  const { ledger: address = DEFAULT_LEDGER, signal, onEvent = () => undefined } = options;
  const reading = readMigrationFolder(options.folder);
  const session = await openSession(options, settings.waitMs, signal, onEvent);
  const database = session.facts.identity;
  const report: ReportSoFar = { steps: [], findings: [] };
  const finish = (): MigrateReport => ({ ...report, database, durationMs: performance.now() - started });
  try {
    onEvent({ type: 'connected', database });
    await refusePooler(session);
    const sessionSettings = await configureSession(session, settings);
    const run: Run = { session, sessionSettings, address, settings, reading, signal, onEvent, report };
    await withMigrationLock(session, address, { ...settings, signal, onEvent }, () => runUnderLock(run));
    return finish();
  } catch (error) {
    throw error instanceof CompanionError ? error.with({ report: finish() }) : error;
  } finally {
    await session.close();
  }
}

async function runUnderLock(run: Run): Promise<void> {
  const { session, address, settings, reading, signal, onEvent, report } = run;
  const tell = (findings: readonly Finding[]) => {
    report.findings = [...report.findings, ...findings];
    for (const finding of findings) onEvent({ type: 'finding', finding });
  };
  const prepared = await prepareMigrate(session, reading, address, settings);
  const { plan, status } = prepared;
  report.steps = plan.steps.map(notRun);
  if (plan.refusals.length > 0) {
    report.findings = [...plan.refusals, ...plan.findings];
    throw refuse(plan);
  }
  onEvent({ type: 'planned', steps: plan.steps.length, applied: countApplied(prepared) });
  tell(plan.findings);
  if (plan.steps.length > 0) tell(await refuseBusyDatabase(session, settings, signal));
  const upgraded = await upgradeLedger(session, status.ledger, status.folder);
  if (upgraded !== null) onEvent({ type: 'ledger-upgraded', rows: upgraded });
  if (plan.steps.length === 0) return;

  const applied = await apply(run, prepared);
  report.steps = applied.steps;
  if (applied.error) {
    // A CONCURRENTLY build that failed has left something behind; a session that is lost cannot be asked.
    const left = await readInvalidIndexes(session).catch(() => []);
    report.findings = [...report.findings, ...left];
    throw applied.error.with({ findings: left });
  }
  tell(await verifyApplied(session, reading, address, settings));
}

async function apply(run: Run, prepared: Prepared) {
  const { session, sessionSettings, address, settings, signal, onEvent } = run;
  const { folder, facts } = prepared.status;
  const version = await ensureLedger(session, address, folder);
  const appliedBefore = countApplied(prepared);
  return withBlockerWatch(session, settings.lockTimeoutMs, (watch) =>
    applyPlan(
      {
        session,
        sessionSettings,
        ledger: { ...address, version },
        layout: folder.layout,
        facts,
        onDisk: folder.migrations.length,
        appliedBefore,
        settings,
        signal,
        onEvent,
        watch,
      },
      prepared.plan,
    ),
  );
}

/** How many migrations on disk have a row already. */
function countApplied({ status }: Prepared): number {
  return status.comparison.migrations.filter(({ row }) => row !== null).length;
}
