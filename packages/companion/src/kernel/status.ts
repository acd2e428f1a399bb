import type { Comparison } from './comparison.ts';
import type { Ledger } from './ledger-row.ts';
import type { MigrationFolder } from './migration.ts';
import type { DatabaseIdentity } from './report.ts';

/** Our own facts about a migration that ran, from `__drizzle_companion`; absent where stock drizzle ran it. */
export type RunFact = {
  readonly name: string;
  /** ISO 8601; null while a migration without a transaction is not finished. */
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  readonly statements: number;
  readonly statementsDone: number;
  /** Hashes of the statements done so far, while the migration is unfinished. */
  readonly doneHashes: readonly string[];
  /** True when a run ended inside a statement that could not commit together with its record. */
  readonly inFlight: boolean;
};

/** Files × journal × ledger × database, at one moment. */
export type StatusReport = {
  readonly database: DatabaseIdentity;
  readonly ledger: Ledger;
  readonly folder: MigrationFolder;
  readonly comparison: Comparison;
  /** By migration name. */
  readonly facts: ReadonlyMap<string, RunFact>;
};

/** May an application start? Made for readiness probes and `health`. */
export type Readiness = {
  readonly ready: boolean;
  /** One sentence, without secrets. */
  readonly reason: string;
  readonly applied: number;
  /** Names of the migrations on disk that are not applied, in order. */
  readonly missing: readonly string[];
};
