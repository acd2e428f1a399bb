import type { Session, SessionSettings } from '../database/session.ts';
import type { CompanionError } from '../kernel/errors.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { Layout } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import type { StepReport } from '../kernel/report.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import type { RunFact } from '../kernel/status.ts';
import { buildFinishFactSql } from '../ledger/facts-sql.ts';
import { buildInsertRowSql } from '../ledger/ledger-sql.ts';
import { lockKey } from './migration-lock.ts';
import { buildPinGuardSql } from './run-transaction.ts';
import type { BlockerWatch } from './watch-blockers.ts';

/** What every part of a run shares. */
export type RunContext = {
  readonly session: Session;
  readonly ledger: LedgerAddress & { readonly version: 0 | 1 };
  readonly layout: Layout;
  readonly facts: ReadonlyMap<string, RunFact>;
  /** Migrations in the folder, and how many of them were applied when the run began. */
  readonly onDisk: number;
  readonly appliedBefore: number;
  readonly settings: MigrateSettings;
  /** What the session was given at its start. */
  readonly sessionSettings: SessionSettings;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
  readonly watch: BlockerWatch;
};

/** Every planned step with what became of it, and why the run stopped, if it did. */
export type AppliedPlan = { readonly steps: readonly StepReport[]; readonly error: CompanionError | null };

/** What commits together with the end of a migration: the pin, the ledger row and our fact about it. */
export function buildRecordSql(context: RunContext, step: PlanStep): readonly string[] {
  const { ledger, layout, facts } = context;
  const before = step.transaction && !facts.has(step.migration.name) ? 'none' : 'maybe';
  return [
    buildPin(context),
    buildInsertRowSql(ledger, ledger.version, step.migration, layout === 'folders'),
    buildFinishFactSql(ledger, step.migration, statementsOf(step.units).length, before),
  ];
}

export function buildPin({ session, ledger }: RunContext): string {
  return buildPinGuardSql(session.facts.pid, lockKey(ledger));
}

/**
 * What goes with BEGIN: our settings once more, since an earlier file may have set others for the session.
 * @param durability `with-the-next` lets the commit return before it is on disk. Only where a later commit of the same run
 *   follows that does wait: the log is written in order, so that one makes this one durable, and a crash before it loses
 *   both the migration and its ledger row, never one of them. The run is not reported as done before.
 */
export function buildGuards(context: RunContext, durability: 'durable' | 'with-the-next'): readonly string[] {
  const settings = Object.entries(context.sessionSettings).map(([name, ms]) => `SET LOCAL ${name} = ${ms}`);
  return durability === 'durable' ? settings : [...settings, 'SET LOCAL synchronous_commit = off'];
}

/** Tells that the statement of this index (0-based) is done; other parts of a transaction are not told. */
export function tellStatement(
  context: RunContext,
  step: PlanStep,
  statements: readonly Statement[],
  index: number,
): void {
  context.watch.progress();
  const statement = statements[index];
  if (!statement) return;
  const { name } = step.migration;
  context.onEvent({
    type: 'statement-done',
    name,
    done: index + 1,
    statements: statements.length,
    sql: statement.text,
  });
}
