/**
 * drizzle-companion, the library: silent, typed, for programmatic use. The bin is built on these same calls.
 */
export { defineConfig } from './define-config.ts';
export { assertMigrated, readiness } from './health/readiness.ts';
export type {
  ComparedMigration,
  Comparison,
  MigrationState,
  StockVerdict,
  Stray,
} from './kernel/comparison.ts';
export type { Culprit, ErrorCode, ErrorFields, ServerError } from './kernel/errors.ts';
export { CompanionError, EXIT_CODES } from './kernel/errors.ts';
export type { Finding, FindingLevel, Rewrite } from './kernel/finding.ts';
export type { Ledger, LedgerAddress, LedgerRow } from './kernel/ledger-row.ts';
export type { LintCode } from './kernel/lint-codes.ts';
export type { LockMode } from './kernel/lock-modes.ts';
export type { MigrateSettings } from './kernel/migrate-settings.ts';
export type { Layout, MigrationFolder, MigrationOnDisk } from './kernel/migration.ts';
export type { DatabaseOption, MigrateOptions, ReadOptions, RehearseOptions } from './kernel/options.ts';
export type { Place, Statement } from './kernel/place.ts';
export type { MigratePlan, PlanStep, Unit } from './kernel/plan.ts';
export type {
  HeldLock,
  LeftBehind,
  RehearsalReport,
  RehearsalShadow,
  RehearsalSummary,
  RehearsedStatement,
  RehearsedStep,
  StatementLock,
  TableUse,
  TouchedRows,
  Waiter,
} from './kernel/rehearsal.ts';
export type { RehearsalSettings } from './kernel/rehearsal-settings.ts';
export type { DatabaseIdentity, MigrateReport, StepReport } from './kernel/report.ts';
export type { RunEvent } from './kernel/run-event.ts';
export type { Readiness, RunFact, StatusReport } from './kernel/status.ts';
export { migrate } from './migrate/migrate.ts';
export { readMigratePlan } from './migrate/read-migrate-plan.ts';
export { rehearse } from './rehearse/rehearse.ts';
export type { CompanionConfig, LintRuleConfig, RuleLevel } from './settings/companion-config.ts';
export { readStatus } from './status/read-status.ts';
