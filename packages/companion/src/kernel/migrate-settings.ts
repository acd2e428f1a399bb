/** How `migrate` behaves; all durations in milliseconds. */
export type MigrateSettings = {
  /** Last migration to apply; null applies all. */
  readonly to: string | null;
  /** How long to go on trying to reach the database. */
  readonly waitMs: number;
  /** How long to wait for another runner to finish. */
  readonly lockWaitMs: number;
  readonly lockTimeoutMs: number;
  /** Further tries of a migration after lock_not_available or deadlock_detected. */
  readonly lockRetries: number;
  /** 0 means none. */
  readonly statementTimeoutMs: number;
  readonly singleTransaction: boolean;
  /** A transaction of somebody else's that is older than this stops the run before it starts. */
  readonly maxTransactionAgeMs: number;
  /** Findings to overlook in this run: a code, or a code and one migration or ledger row id. */
  readonly accept: readonly { readonly code: string; readonly name: string | null }[];
};

export const DEFAULT_MIGRATE_SETTINGS: MigrateSettings = {
  to: null,
  waitMs: 30_000,
  lockWaitMs: 60_000,
  lockTimeoutMs: 5_000,
  lockRetries: 8,
  statementTimeoutMs: 5 * 60_000,
  singleTransaction: false,
  maxTransactionAgeMs: 10 * 60_000,
  accept: [],
};
