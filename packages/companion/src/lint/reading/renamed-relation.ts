import type { ParseNode } from '../../sql/parser.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { earlierInTransaction, laterInTransaction } from './same-transaction.ts';

export type Move = { readonly from: QualifiedName; readonly to: QualifiedName };

const RELATIONS: readonly unknown[] = [
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
];

/** What a RENAME or SET SCHEMA of a relation moves; null for any other statement. */
export function moveOf(node: ParseNode): Move | null {
  if ('RenameStmt' in node) {
    const { renameType, relation, newname } = node.RenameStmt;
    if (!RELATIONS.includes(renameType) || relation === undefined || newname === undefined) return null;
    const from = nameOfRelation(relation);
    return { from, to: { ...from, name: newname } };
  }
  if (!('AlterObjectSchemaStmt' in node)) return null;
  const { objectType, relation, newschema } = node.AlterObjectSchemaStmt;
  if (!RELATIONS.includes(objectType) || relation === undefined || newschema === undefined) return null;
  const from = nameOfRelation(relation);
  return { from, to: { ...from, schema: newschema } };
}

/** Does something else bear the name when the transaction commits, so that nobody finds it missing? */
export function isNameTaken(
  name: QualifiedName,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  const key = keyOfName(name);
  return laterInTransaction(statement, migrations).some(({ node }) => {
    const made = madeRelation(node) ?? moveOf(node)?.to ?? null;
    return made !== null && keyOfName(made) === key;
  });
}

/** Was the name taken from another relation in this transaction, whose place this one now takes? */
export function isNameFreed(
  name: QualifiedName,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  const key = keyOfName(name);
  return earlierInTransaction(statement, migrations).some(({ node }) => {
    const from = moveOf(node)?.from;
    const dropped = 'DropStmt' in node && RELATIONS.includes(node.DropStmt.removeType);
    const freed = dropped ? droppedNames(node.DropStmt) : from === undefined ? [] : [from];
    return freed.some((one) => keyOfName(one) === key);
  });
}

function madeRelation(node: ParseNode): QualifiedName | null {
  const relation =
    'ViewStmt' in node
      ? node.ViewStmt.view
      : 'CreateStmt' in node
        ? node.CreateStmt.relation
        : 'CreateTableAsStmt' in node
          ? node.CreateTableAsStmt.into?.rel
          : undefined;
  return relation === undefined ? null : nameOfRelation(relation);
}
