import type { Finding } from './finding.ts';
import type { MigrationOnDisk } from './migration.ts';
import type { Statement } from './place.ts';
import type { StepReport } from './report.ts';

/**
 * What is sent and committed together.
 * - `transaction`: the statements stand between BEGIN and `end`.
 * - `autocommit`: one statement that PostgreSQL refuses inside a transaction, or that must not share one.
 */
export type Unit =
  | {
      readonly kind: 'transaction';
      readonly statements: readonly Statement[];
      readonly end: 'commit' | 'rollback';
    }
  | {
      readonly kind: 'autocommit';
      readonly statement: Statement;
      /**
       * True when the statement itself tolerates a transaction block, so that its progress record can commit
       * with it. False for what PostgreSQL refuses in one, for CALL and DO, which may commit by themselves,
       * and for what our parser cannot read.
       */
      readonly atomic: boolean;
      /** Set for what may have committed part of its work before it fails (CALL, DO, what does not parse): never tried again. */
      readonly opaque?: true;
      readonly builds?: ConcurrentIndex;
    };

/** An index that a CONCURRENTLY statement makes, drops or rebuilds: what a broken build may leave INVALID. */
export type ConcurrentIndex = {
  readonly action: 'create' | 'drop' | 'reindex';
  readonly schema: string | null;
  readonly name: string;
};

/** One migration that will run, cut into what is sent. */
export type PlanStep = {
  readonly migration: MigrationOnDisk;
  /** True when the migration and its ledger row commit together, in one transaction. */
  readonly transaction: boolean;
  readonly units: readonly Unit[];
  /** Why it runs without a transaction: the directive, or the statement that PostgreSQL refuses in one. */
  readonly reason?: string;
};

export type MigratePlan = {
  readonly steps: readonly PlanStep[];
  /** All steps in one transaction, as stock drizzle does it. */
  readonly singleTransaction: boolean;
  /** What goes on, and is said. */
  readonly findings: readonly Finding[];
  /** What must not go on: non-empty means the plan is refused (exit 4). */
  readonly refusals: readonly Finding[];
};

/** The statements of some units, in the order in which they are sent. */
export function statementsOf(units: readonly Unit[]): readonly Statement[] {
  return units.flatMap((unit) => (unit.kind === 'transaction' ? unit.statements : [unit.statement]));
}

/** The report of a step before anything became of it. */
export function notRun(step: PlanStep): StepReport {
  return {
    name: step.migration.name,
    state: 'not-run',
    statements: statementsOf(step.units).length,
    durationMs: 0,
    transaction: step.transaction,
    attempts: 0,
  };
}
