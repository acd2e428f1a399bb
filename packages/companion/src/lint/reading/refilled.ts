import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { laterInTransaction } from './same-transaction.ts';

/** Does the same transaction fill the table with rows that stand in the file? Then that is all the table holds. */
export function isRefilled(
  name: QualifiedName,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  return laterInTransaction(statement, migrations).some(({ node }) => {
    if (!('InsertStmt' in node) || node.InsertStmt.relation === undefined) return false;
    const { relation, selectStmt } = node.InsertStmt;
    if (keyOfName(nameOfRelation(relation)) !== keyOfName(name) || selectStmt === undefined) return false;
    return 'SelectStmt' in selectStmt && selectStmt.SelectStmt.valuesLists !== undefined;
  });
}
