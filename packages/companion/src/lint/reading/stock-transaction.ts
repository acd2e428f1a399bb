import { cutAtBreakpoints } from '../../sql/split-statements.ts';
import type { LintMigration, LintStatement } from '../migration.ts';

/**
 * Does the statement run outside of a transaction under stock drizzle after all? It opens one for everything that is
 * pending and does not notice when a file ends it; what is then sent by itself, between breakpoints, has none.
 */
export function isOutsideUnderDrizzle(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  const { migration } = statement;
  const batch = migrations.filter((one) => one.batch === migration.batch);
  const before = batch
    .slice(0, batch.indexOf(migration) + 1)
    .flatMap((one) => (one === migration ? one.statements.slice(0, statement.index) : one.statements));
  const last = before.map(endsTransaction).findLast((ends) => ends !== null);
  return last === true && isSentAlone(statement);
}

/** True for COMMIT and ROLLBACK, false for BEGIN, null for everything else. */
function endsTransaction({ node }: LintStatement): boolean | null {
  if (!('TransactionStmt' in node)) return null;
  switch (node.TransactionStmt.kind) {
    case 'TRANS_STMT_COMMIT':
    case 'TRANS_STMT_ROLLBACK':
      return node.TransactionStmt.chain !== true;
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return false;
    default:
      return null;
  }
}

/** Several statements that are sent together are a transaction to PostgreSQL, whatever stands before them. */
function isSentAlone({ migration, start }: LintStatement): boolean {
  const piece = cutAtBreakpoints(migration.sql).findLast(({ offset }) => offset <= start);
  if (piece === undefined) return false;
  const end = piece.offset + piece.text.length;
  return migration.statements.filter((one) => one.start >= piece.offset && one.start < end).length === 1;
}
