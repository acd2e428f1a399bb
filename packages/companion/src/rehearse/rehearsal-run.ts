import type { Session, SessionSettings } from '../database/session.ts';
import type { Ledger } from '../kernel/ledger-row.ts';
import type { LockMode } from '../kernel/lock-modes.ts';
import type { MigrationFolder } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep, Unit } from '../kernel/plan.ts';
import type { RehearsedStatement } from '../kernel/rehearsal.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import type { RunFact } from '../kernel/status.ts';
import type { PredictedLocks } from '../lint/predict-locks.ts';
import type { StepFailure } from '../migrate/run-units.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { AddedValue, Circumstances } from './forgive.ts';
import type { Moment } from './moment.ts';
import type { PendingTransaction, SessionKeeps } from './pending-transaction.ts';
import type { Relations } from './relations.ts';
import type { TransactionEffect } from './transaction-effects.ts';

/** What a rehearsal on the target is given. */
export type RehearsalInput = {
  readonly session: Session;
  readonly sessionSettings: SessionSettings;
  readonly steps: readonly PlanStep[];
  /** As it is, and where it will be. */
  readonly ledger: Ledger;
  readonly folder: MigrationFolder;
  /** Of migrations that an earlier run began. */
  readonly facts: ReadonlyMap<string, RunFact>;
  /** Fails where `migrate` would, because a migration has released the lock. */
  readonly pin: string;
  readonly parser: SqlParser;
  readonly predicted: ReadonlyMap<string, readonly PredictedLocks[]>;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
  /** Told after each statement. */
  readonly onProgress: () => void;
};

/** The ledger as it is inside the transaction of the rehearsal. */
export type RehearsedLedger = {
  readonly version: 0 | 1;
  /**
   * The sequence of a ledger that was there before. No rollback takes back what is drawn from it, so nothing is: rows of
   * the rehearsal have ids of their own, negative ones, which nobody else has. Null: nothing that stays is drawn from.
   */
  readonly sequence: string | null;
};

/** The one transaction, as far as it has come. */
export type RehearsalRun = RehearsalInput & {
  /** What was there before it. */
  readonly known: Relations;
  /** How many locks the server has room for, for all its sessions. */
  readonly lockRoom: number;
  /** When the transaction began: it must be the same to the end. */
  readonly began: string;
  readonly rehearsedLedger: RehearsedLedger;
  /** By statement of the steps. */
  readonly effects: ReadonlyMap<Statement, readonly TransactionEffect[]>;
  /** Settings with names of their own, which the server does not list. */
  readonly ownSettings: readonly string[];
  moment: Moment;
  keeps: SessionKeeps;
  /** What was left out and may be missed. */
  missing: Circumstances['missing'];
  /** Enum values of migrations that are through. */
  added: readonly AddedValue[];
  /** All enum values, as they were before the first migration. */
  readonly values: ReadonlySet<string>;
  /** How many there are now. */
  valueCount: number;
  /** Tables whose estimates a rollback will take back. */
  readonly settled: Set<string>;
};

/** One migration, as far as it has come. */
export type StepRun = {
  readonly step: PlanStep;
  /** The moment in which it began. What the rehearsal held by then is not to be seen once more. */
  readonly began: Moment;
  /** By object id: the strongest lock that this transaction of the migration was seen to take. */
  held: Map<string, LockMode>;
  pending: PendingTransaction;
  readonly statements: DoneStatement[];
};

/** A statement that was dealt with, and in which transaction of its migration. */
export type DoneStatement = Omit<RehearsedStatement, 'state'> & { readonly unit: number };

/** A migration that failed. */
export type RehearsalFailure = StepFailure & { readonly step: PlanStep };

export function isAtomic(unit: Unit): boolean {
  return unit.kind === 'transaction' || unit.atomic;
}
