import { adviseOnPrepared } from '../database/culprits.ts';
import { refusePooler } from '../database/refuse-pooler.ts';
import { configureSession, openSession, type Session, type SessionSettings } from '../database/session.ts';
import { type FolderReading, readMigrationFolder } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { RehearseOptions } from '../kernel/options.ts';
import type { LeftBehind, RehearsalReport, RehearsedStep, Waiter } from '../kernel/rehearsal.ts';
import { REHEARSAL_LOCK_TIMEOUT_MS } from '../kernel/rehearsal-settings.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { describeFailure, tellApplied } from '../migrate/describe-failure.ts';
import { lockKey, withMigrationLock } from '../migrate/migration-lock.ts';
import { refuseBusyDatabase } from '../migrate/preflight.ts';
import { completeSettings, type Prepared, prepareMigrate } from '../migrate/prepare-migrate.ts';
import { refuse } from '../migrate/refuse.ts';
import type { RunContext } from '../migrate/run-context.ts';
import { buildPinGuardSql } from '../migrate/run-transaction.ts';
import { type BlockerWatch, withBlockerWatch } from '../migrate/watch-blockers.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { refuseInUse } from './other-sessions.ts';
import type { RehearsalFailure } from './rehearsal-run.ts';
import { rehearseOnTarget } from './rehearse-on-target.ts';
import { notReached, sumUp } from './sum-up.ts';

type Run = {
  readonly session: Session;
  readonly sessionSettings: SessionSettings;
  readonly address: LedgerAddress;
  readonly settings: MigrateSettings;
  readonly evenIfBusy: boolean;
  /** Does it work over a client of the caller's? */
  readonly lent: boolean;
  readonly reading: FolderReading;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
  readonly report: ReportSoFar;
};

type ReportSoFar = {
  steps: readonly RehearsedStep[];
  findings: readonly Finding[];
  leftBehind: readonly LeftBehind[];
  waited: readonly Waiter[];
};

/**
 * Executes what is pending on the target, as `migrate` would, measures it, and rolls it back, the ledger and its rows
 * included.
 * @returns the report. Throws CompanionError; `fields.rehearsal` tells how far it came.
 */
export async function rehearse(options: RehearseOptions): Promise<RehearsalReport> {
  const started = performance.now();
  const settings = completeSettings({
    ...options,
    lockTimeoutMs: options.lockTimeoutMs ?? REHEARSAL_LOCK_TIMEOUT_MS,
    lockRetries: 0,
    singleTransaction: false,
  });
  const { ledger: address = DEFAULT_LEDGER, signal, onEvent = () => undefined, evenIfBusy = false } = options;
  const reading = readMigrationFolder(options.folder);
  const session = await openSession(options, settings.waitMs, signal, onEvent);
  const database = session.facts.identity;
  const report: ReportSoFar = { steps: [], findings: [], leftBehind: [], waited: [] };
  const finish = (): RehearsalReport => ({
    on: 'target',
    shadow: null,
    steps: report.steps,
    summary: sumUp(report.steps, report.waited),
    leftBehind: report.leftBehind,
    findings: report.findings,
    database,
    durationMs: performance.now() - started,
  });
  try {
    onEvent({ type: 'connected', database });
    await refusePooler(session);
    const sessionSettings = await configureSession(session, settings);
    const lent = 'client' in options;
    const run = {
      session,
      sessionSettings,
      address,
      settings,
      evenIfBusy,
      lent,
      reading,
      signal,
      onEvent,
      report,
    };
    await withMigrationLock(session, address, { ...settings, signal, onEvent }, () => rehearseUnderLock(run));
    return finish();
  } catch (error) {
    throw error instanceof CompanionError ? error.with({ rehearsal: finish() }) : error;
  } finally {
    await session.close();
  }
}

async function rehearseUnderLock(run: Run): Promise<void> {
  const { session, address, settings, reading, signal, onEvent, report } = run;
  const prepared = await prepareMigrate(session, reading, address, settings);
  const { plan, status } = prepared;
  report.steps = plan.steps.map(notReached);
  if (plan.refusals.length > 0) {
    report.findings = [...plan.refusals, ...plan.findings];
    throw refuse(plan);
  }
  report.findings = plan.findings;
  const applied = status.comparison.migrations.filter(({ row }) => row !== null).length;
  onEvent({ type: 'planned', steps: plan.steps.length, applied });
  if (plan.steps.length === 0) return;
  report.findings = [...plan.findings, ...(await refuseBusyDatabase(session, settings, signal))];
  if (!run.evenIfBusy) await refuseInUse(session, { lent: run.lent });
  await withBlockerWatch(session, settings.lockTimeoutMs, (watch) => rehearseSteps(run, prepared, watch));
}

async function rehearseSteps(run: Run, { plan, status }: Prepared, watch: BlockerWatch): Promise<void> {
  const { session, sessionSettings, address, signal, onEvent, report } = run;
  const parser = await loadSqlParser();
  // The linter's facts are not needed by whoever imports the library to migrate.
  const { predictLocks } = await import('../lint/predict-locks.ts');
  const { failure, ...rehearsed } = await rehearseOnTarget({
    session,
    sessionSettings,
    steps: plan.steps,
    ledger: status.ledger,
    folder: status.folder,
    facts: status.facts,
    pin: buildPinGuardSql(session.facts.pid, lockKey(address)),
    parser,
    predicted: predictLocks(status.folder.migrations, parser),
    signal,
    onEvent,
    onProgress: watch.progress,
  });
  Object.assign(report, rehearsed);
  if (failure === null) return;
  const appliedBefore = status.comparison.migrations.filter(({ row }) => row !== null).length;
  throw await describe(
    {
      session,
      sessionSettings,
      ledger: { ...address, version: status.ledger.version ?? 0 },
      layout: status.folder.layout,
      facts: status.facts,
      onDisk: status.folder.migrations.length,
      appliedBefore,
      settings: run.settings,
      signal,
      onEvent,
      watch,
    },
    failure,
  );
}

/** As `migrate` would tell it; but for what state things are in. */
async function describe(context: RunContext, failure: RehearsalFailure): Promise<CompanionError> {
  const failed = { ...failure, attempts: 1, doneBefore: 0 };
  const described = await describeFailure(context, failed);
  const state = ['Nothing was changed: what a rehearsal does is rolled back.', ...tellApplied(context, 0)];
  if (described.code === 'table-busy') {
    return described.with({ state, hint: adviseOnPrepared(described.fields.culprits ?? []) ?? WHEN_BUSY });
  }
  if (described.code !== 'connection-lost') return described.with({ state });
  return described.with({
    state: ['Nothing was changed: the server rolls back when a connection is lost.'],
    hint: 'Rehearse it again.',
    fix: 'drizzle-companion rehearse',
  });
}

const WHEN_BUSY =
  'A rehearsal does not try again, so as not to be in the way. Rehearse at a quieter time, on a copy or on a shadow (--shadow), or allow more with --lock-timeout.';
