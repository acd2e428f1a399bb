import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { sameTransaction } from './same-transaction.ts';

/** The policies that the table has when the statement's transaction commits, as far as the migrations make them. */
export function policiesOf(
  table: QualifiedName,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): ReadonlySet<string> {
  const policies = new Set<string>();
  const all = migrations.flatMap(({ statements }) => statements);
  const last = sameTransaction(statement, migrations).at(-1) ?? statement;
  for (const { node } of all.slice(0, all.indexOf(last) + 1)) {
    if ('CreatePolicyStmt' in node) {
      const { table: relation, policy_name } = node.CreatePolicyStmt;
      if (relation !== undefined && keyOfName(nameOfRelation(relation)) === keyOfName(table))
        policies.add(`${table.name}.${policy_name ?? ''}`);
    } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_POLICY') {
      for (const { schema, name } of droppedNames(node.DropStmt)) {
        if (keyOfName({ schema, name: '' }) === keyOfName({ ...table, name: '' })) policies.delete(name);
      }
    }
  }
  return policies;
}
