import type { Rule } from './rule.ts';
import { accessExclusiveThenMoreWork } from './rules/access-exclusive-then-more-work.ts';
import { addRequiredColumn } from './rules/add-required-column.ts';
import { attachPartitionNeedsCheck } from './rules/attach-partition-needs-check.ts';
import { banChar } from './rules/ban-char.ts';
import { bulkDmlWithDdl } from './rules/bulk-dml-with-ddl.ts';
import { bulkUpdateNeedsAnalyze } from './rules/bulk-update-needs-analyze.ts';
import { checkNotValid } from './rules/check-not-valid.ts';
import { columnTypeRewrite } from './rules/column-type-rewrite.ts';
import { concurrentlyInTransaction } from './rules/concurrently-in-transaction.ts';
import { constraintNeedsPreconditionGuard } from './rules/constraint-needs-precondition-guard.ts';
import { createEnum } from './rules/create-enum.ts';
import { createIndexConcurrently } from './rules/create-index-concurrently.ts';
import { createTableIfNotExists } from './rules/create-table-if-not-exists.ts';
import { createThenDrop } from './rules/create-then-drop.ts';
import { ddlAfterBulkDml } from './rules/ddl-after-bulk-dml.ts';
import { detachPartitionConcurrently } from './rules/detach-partition-concurrently.ts';
import { domainConstraint } from './rules/domain-constraint.ts';
import { drizzleEnumRecreate } from './rules/drizzle-enum-recreate.ts';
import { dropCascade } from './rules/drop-cascade.ts';
import { dropColumn } from './rules/drop-column.ts';
import { dropIndexConcurrently } from './rules/drop-index-concurrently.ts';
import { dropIndexRefused } from './rules/drop-index-refused.ts';
import { dropNotNull } from './rules/drop-not-null.ts';
import { dropSchemaOrDatabase } from './rules/drop-schema-or-database.ts';
import { dropTable } from './rules/drop-table.ts';
import { enumRecreateIncomplete } from './rules/enum-recreate-incomplete.ts';
import { enumValuePosition } from './rules/enum-value-position.ts';
import { enumValueUsedInSameTransaction } from './rules/enum-value-used-in-same-transaction.ts';
import { enumValueUsedUnderStock } from './rules/enum-value-used-under-stock.ts';
import { exclusionConstraint } from './rules/exclusion-constraint.ts';
import { foreignKeyDropped } from './rules/foreign-key-dropped.ts';
import { foreignKeyNotValid } from './rules/foreign-key-not-valid.ts';
import { foreignKeyTypeMismatch } from './rules/foreign-key-type-mismatch.ts';
import { foreignKeyWithoutIndex } from './rules/foreign-key-without-index.ts';
import { foreignKeysSwitchedOff } from './rules/foreign-keys-switched-off.ts';
import { generatedStoredColumn } from './rules/generated-stored-column.ts';
import { identifierClash } from './rules/identifier-clash.ts';
import { identifierTooLong } from './rules/identifier-too-long.ts';
import { indexReplaced } from './rules/index-replaced.ts';
import { invalidSuppression } from './rules/invalid-suppression.ts';
import { lockTimeoutZero } from './rules/lock-timeout-zero.ts';
import { missingStatementBreakpoint } from './rules/missing-statement-breakpoint.ts';
import { nestedTransaction } from './rules/nested-transaction.ts';
import { oneConcurrentlyPerMigration } from './rules/one-concurrently-per-migration.ts';
import { preferBigint } from './rules/prefer-bigint.ts';
import { preferIdentity } from './rules/prefer-identity.ts';
import { preferJsonb } from './rules/prefer-jsonb.ts';
import { preferText } from './rules/prefer-text.ts';
import { preferTimestamptz } from './rules/prefer-timestamptz.ts';
import { primaryKeyUsingIndex } from './rules/primary-key-using-index.ts';
import { raiseNamesMissingPath } from './rules/raise-names-missing-path.ts';
import { refreshMaterializedViewConcurrently } from './rules/refresh-materialized-view-concurrently.ts';
import { reindexConcurrently } from './rules/reindex-concurrently.ts';
import { renameColumn } from './rules/rename-column.ts';
import { renameEnumValue } from './rules/rename-enum-value.ts';
import { renameSchema } from './rules/rename-schema.ts';
import { renameTable } from './rules/rename-table.ts';
import { rowSecurityChanged } from './rules/row-security-changed.ts';
import { rowSecurityWithoutPolicy } from './rules/row-security-without-policy.ts';
import { serialOnExistingTable } from './rules/serial-on-existing-table.ts';
import { sessionSettingLeaks } from './rules/session-setting-leaks.ts';
import { setLocalWithoutTransaction } from './rules/set-local-without-transaction.ts';
import { setLoggedOrAccessMethod } from './rules/set-logged-or-access-method.ts';
import { setNotNullNeedsCheck } from './rules/set-not-null-needs-check.ts';
import { severalAlterTables } from './rules/several-alter-tables.ts';
import { severalTablesLocked } from './rules/several-tables-locked.ts';
import { statementOutsideTransactionNotRerunnable } from './rules/statement-outside-transaction-not-rerunnable.ts';
import { syntaxError } from './rules/syntax-error.ts';
import { syntaxNeedsNewerPostgres } from './rules/syntax-needs-newer-postgres.ts';
import { tableWithoutPrimaryKey } from './rules/table-without-primary-key.ts';
import { transactionControl } from './rules/transaction-control.ts';
import { triggerOnBusyTable } from './rules/trigger-on-busy-table.ts';
import { truncate } from './rules/truncate.ts';
import { truncateCascade } from './rules/truncate-cascade.ts';
import { uniqueConstraintUsingIndex } from './rules/unique-constraint-using-index.ts';
import { unqualifiedTable } from './rules/unqualified-table.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { updateOrDeleteWithoutWhere } from './rules/update-or-delete-without-where.ts';
import { vacuumFullOrCluster } from './rules/vacuum-full-or-cluster.ts';
import { validateInSameTransaction } from './rules/validate-in-same-transaction.ts';
import { volatileDefault } from './rules/volatile-default.ts';
import { wideIndex } from './rules/wide-index.ts';

/** Every rule of the linter, in the order of their names; `pnpm new-rule` keeps it. */
export const RULES: readonly Rule[] = [
  accessExclusiveThenMoreWork,
  addRequiredColumn,
  attachPartitionNeedsCheck,
  banChar,
  bulkDmlWithDdl,
  bulkUpdateNeedsAnalyze,
  checkNotValid,
  columnTypeRewrite,
  concurrentlyInTransaction,
  constraintNeedsPreconditionGuard,
  createEnum,
  createIndexConcurrently,
  createTableIfNotExists,
  createThenDrop,
  ddlAfterBulkDml,
  detachPartitionConcurrently,
  domainConstraint,
  drizzleEnumRecreate,
  dropCascade,
  dropColumn,
  dropIndexConcurrently,
  dropIndexRefused,
  dropNotNull,
  dropSchemaOrDatabase,
  dropTable,
  enumRecreateIncomplete,
  enumValuePosition,
  enumValueUsedInSameTransaction,
  enumValueUsedUnderStock,
  exclusionConstraint,
  foreignKeyDropped,
  foreignKeyNotValid,
  foreignKeyTypeMismatch,
  foreignKeyWithoutIndex,
  foreignKeysSwitchedOff,
  generatedStoredColumn,
  identifierClash,
  identifierTooLong,
  indexReplaced,
  invalidSuppression,
  lockTimeoutZero,
  missingStatementBreakpoint,
  nestedTransaction,
  oneConcurrentlyPerMigration,
  preferBigint,
  preferIdentity,
  preferJsonb,
  preferText,
  preferTimestamptz,
  primaryKeyUsingIndex,
  raiseNamesMissingPath,
  refreshMaterializedViewConcurrently,
  reindexConcurrently,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  rowSecurityChanged,
  rowSecurityWithoutPolicy,
  serialOnExistingTable,
  sessionSettingLeaks,
  setLocalWithoutTransaction,
  setLoggedOrAccessMethod,
  setNotNullNeedsCheck,
  severalAlterTables,
  severalTablesLocked,
  statementOutsideTransactionNotRerunnable,
  syntaxError,
  syntaxNeedsNewerPostgres,
  tableWithoutPrimaryKey,
  transactionControl,
  triggerOnBusyTable,
  truncate,
  truncateCascade,
  uniqueConstraintUsingIndex,
  unqualifiedTable,
  unusedSuppression,
  updateOrDeleteWithoutWhere,
  vacuumFullOrCluster,
  validateInSameTransaction,
  volatileDefault,
  wideIndex,
];
