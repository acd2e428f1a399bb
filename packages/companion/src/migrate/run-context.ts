import type { Session } from '../database/session.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { Layout } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep, Unit } from '../kernel/plan.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import type { RunFact } from '../kernel/status.ts';
import { buildFinishFactSql } from '../ledger/facts-sql.ts';
import { buildInsertRowSql } from '../ledger/ledger-sql.ts';
import { buildPinGuardSql } from './run-transaction.ts';
import type { BlockerWatch } from './watch-blockers.ts';

/** What every part of a run shares. */
export type RunContext = {
  readonly session: Session;
  readonly ledger: LedgerAddress & { readonly version: 0 | 1 };
  readonly layout: Layout;
  readonly facts: ReadonlyMap<string, RunFact>;
  readonly settings: MigrateSettings;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
  readonly watch: BlockerWatch;
};

export function statementsOf(units: readonly Unit[]): readonly Statement[] {
  return units.flatMap((unit) => (unit.kind === 'transaction' ? unit.statements : [unit.statement]));
}

/** The ledger row and our fact about it: what commits together with the end of a migration. */
export function buildRecordSql(context: RunContext, step: PlanStep): readonly string[] {
  const { ledger, layout } = context;
  return [
    buildInsertRowSql(ledger, ledger.version, step.migration, layout === 'folders'),
    buildFinishFactSql(ledger, step.migration, statementsOf(step.units).length),
  ];
}

/**
 * What goes with BEGIN: the pin, and our time-outs once more, since an earlier file may have set others for the session.
 * @param durability `with-the-next` lets the commit return before it is on disk. Only where a later commit of the same run follows
 *   that does wait: the log is written in order, so that one makes this one durable, and a crash before it loses both the
 *   migration and its ledger row, never one of them. Nothing is reported as done before.
 */
export function buildGuards(context: RunContext, durability: 'durable' | 'with-the-next'): readonly string[] {
  const { settings, session } = context;
  return [
    `SET LOCAL lock_timeout = ${settings.lockTimeoutMs}`,
    `SET LOCAL statement_timeout = ${settings.statementTimeoutMs}`,
    ...(durability === 'durable' ? [] : ['SET LOCAL synchronous_commit = off']),
    buildPinGuardSql(session.facts.pid),
  ];
}
