import { type FolderReading, readMigrationFolder } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import type { PlanStep } from '../kernel/plan.ts';
import type { RehearsalReport, RehearsalShadow, RehearsedStep } from '../kernel/rehearsal.ts';
import type { RehearsalSettings } from '../kernel/rehearsal-settings.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { predictLocks } from '../lint/predict-locks.ts';
import { completeSettings } from '../migrate/prepare-migrate.ts';
import { onReplayed } from '../shadow/on-replayed.ts';
import type { ReplayRunner } from '../shadow/replay.ts';
import { replayChain } from '../shadow/replay-chain.ts';
import type { ReplayStart } from '../shadow/replay-start.ts';
import type { Shadow, ShadowOptions, ShadowSettings } from '../shadow/shadow.ts';
import { findUnfit } from '../shadow/shape-replay.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { planOnShadow } from './plan-on-shadow.ts';
import { readFrom } from './read-from.ts';
import {
  buildRefusal,
  buildShadowError,
  describeFault,
  describeInterruption,
  describeUnfit,
} from './shadow-failure.ts';
import { stepOnShadow } from './step-on-shadow.ts';
import { notReached, sumUp, sumUpStep } from './sum-up.ts';

export type RehearseOnShadowOptions = Partial<Pick<RehearsalSettings, 'to' | 'accept'>> & {
  /** The migrations folder, either layout; absolute. */
  readonly folder: string;
  readonly shadow: ShadowSettings;
  /** Where a run would make its ledger; on the shadow it is made there, too. Default `drizzle.__drizzle_migrations`. */
  readonly ledger?: LedgerAddress;
  /** The project's directory: npm packages and the cache are looked for there and above. Absolute. */
  readonly directory: string;
  /** The database that must never be taken for a shadow; null when there is none in play. */
  readonly target?: DatabaseOption | null;
  /** A commit, by any name git knows: its migrations run first, and then what a run would add to them is rehearsed. */
  readonly from?: string | null;
  /** Run all of it under stock drizzle's rule, too, in one transaction. */
  readonly stock?: boolean;
  /** How long to try until the shadow server takes connections; by default not at all. Milliseconds. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

type Run = {
  readonly reading: FolderReading;
  readonly from: string | null;
  readonly base: readonly MigrationOnDisk[];
  readonly steps: readonly PlanStep[];
  readonly stock: readonly MigrationOnDisk[];
  readonly shadowOptions: ShadowOptions;
  readonly start: ReplayStart;
  readonly options: RehearseOnShadowOptions;
  readonly report: ReportSoFar;
};

type ReportSoFar = {
  steps: RehearsedStep[];
  findings: readonly Finding[];
  shadow: RehearsalShadow | null;
  /** The migration that runs at this moment. */
  running: string | null;
};

/**
 * Runs the whole chain, or what a commit lacks of it, on a throw-away database, from nothing, as `migrate` would, and
 * measures it. No database of the user's is touched.
 * @returns the report. Throws CompanionError; `fields.rehearsal` tells how far it came.
 */
export async function rehearseOnShadow(options: RehearseOnShadowOptions): Promise<RehearsalReport> {
  const started = performance.now();
  const {
    from = null,
    onEvent = () => undefined,
    signal,
    target = null,
    directory,
    shadow: settings,
    ledger = DEFAULT_LEDGER,
    waitMs,
  } = options;
  const report: ReportSoFar = { steps: [], findings: [], shadow: null, running: null };
  const finish = (): RehearsalReport => ({
    on: 'shadow',
    shadow: report.shadow,
    steps: report.steps,
    summary: sumUp(report.steps, []),
    leftBehind: [],
    findings: report.findings,
    database: null,
    durationMs: performance.now() - started,
  });
  onEvent({ type: 'reading-files' });
  try {
    const reading = readMigrationFolder(options.folder);
    const branch = from === null ? null : await readFrom(from, reading.folder.path);
    const { plan, base, stock } = await planOnShadow(reading, branch, {
      ledger,
      settings: completeSettings({
        url: '',
        folder: options.folder,
        to: options.to ?? null,
        accept: options.accept ?? [],
      }),
      now: Date.now(),
    });
    report.findings = plan.findings;
    report.steps = plan.steps.map(notReached);
    if (plan.refusals.length > 0) throw buildRefusal(plan.refusals, branch?.name ?? null);
    onEvent({ type: 'planned', steps: plan.steps.length, applied: base.length });
    const upcoming = [...base, ...reading.folder.migrations].map(({ sql }) => sql);
    const shadowOptions: ShadowOptions = {
      settings,
      directory,
      target,
      upcoming,
      onEvent,
      ...(waitMs !== undefined && { waitMs }),
      ...(signal && { signal }),
    };
    const version = reading.folder.layout === 'folders' ? 1 : 0;
    const start: ReplayStart = { ledger: { ...ledger, version }, searchPath: null };
    const run = {
      reading,
      from: branch?.name ?? null,
      base,
      steps: plan.steps,
      stock,
      shadowOptions,
      start,
      options,
      report,
    };
    if (plan.steps.length > 0) {
      await rehearseChain(run);
      if (options.stock) await replayAsStock(run);
    }
    return finish();
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    const isStopped = error.code.startsWith('interrupted');
    const told = isStopped ? describeInterruption(error, report.running) : error;
    throw told.with({ rehearsal: finish() });
  }
}

async function rehearseChain(run: Run): Promise<void> {
  const { reading, from, base, steps, options, report } = run;
  const { onEvent = () => undefined } = options;
  const parser = await loadSqlParser();
  const predicted = predictLocks(reading.folder.migrations, parser);
  await onBase(run, 'companion', async (shadow) => {
    const { provider, serverVersion } = shadow;
    report.shadow = {
      provider,
      serverVersion,
      from: from === null ? null : { ref: from, migrations: base.length },
      stock: null,
    };
    for (const [index, step] of steps.entries()) {
      const { migration } = step;
      report.running = migration.name;
      onEvent({ type: 'rehearsal-step', name: migration.name, index: index + 1, steps: steps.length });
      const unfit = findUnfit(migration.sql, provider, parser);
      if (unfit !== null) throw buildShadowError(describeUnfit(shadow, migration, unfit), 'companion');
      const { statements, fault } = await stepOnShadow(shadow, {
        step,
        predicted: predicted.get(migration.name) ?? [],
        parser,
      });
      const ending = { failed: fault !== null, at: fault?.statement ?? null, uses: new Map() };
      report.steps[index] = sumUpStep(step, statements, ending);
      if (fault !== null) throw buildShadowError(describeFault(shadow, migration, fault), 'companion');
    }
    report.running = null;
  });
}

/** On a shadow of its own: there nothing of this is applied yet. */
async function replayAsStock(run: Run): Promise<void> {
  const { stock, base, report } = run;
  // Who has applied the base has made what is there; without one, stock drizzle makes its ledger alone.
  await onBase(run, base.length === 0 ? 'stock' : 'companion', async (shadow) => {
    if (stock.length === 0) return;
    const onMigration = follow(report, stock);
    onMigration(0);
    const replayed = await replayChain(shadow, stock, { runner: 'stock', onMigration });
    if (replayed.kind === 'failed') throw buildShadowError(replayed.failure, 'stock');
  });
  if (report.shadow !== null) report.shadow = { ...report.shadow, stock: stock.length };
}

/** A shadow with what a commit has, as after a run of its own. */
async function onBase(
  { base, start, shadowOptions, report }: Run,
  runner: ReplayRunner,
  use: (shadow: Shadow) => Promise<void>,
): Promise<void> {
  report.running = null;
  const input = { chain: base, runner, start, onMigration: follow(report, base) };
  const replayed = await onReplayed(shadowOptions, input, use);
  if (replayed.kind === 'failed') throw buildShadowError(replayed.failure, 'base');
}

function follow(report: ReportSoFar, chain: readonly MigrationOnDisk[]): (done: number) => void {
  return (done) => {
    report.running = chain[done]?.name ?? null;
  };
}
