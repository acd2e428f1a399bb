import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { columnRefs } from '../facts/column-refs.ts';
import { keyColumns, nameOfIndex } from '../facts/index-name.ts';
import { keyOfName, nameOfRelation } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { earlierInTransaction, sameTransaction } from './same-transaction.ts';

/**
 * Does the index come back after it made way, in the same transaction, for a change of a column's type? PostgreSQL
 * builds the indexes of that column anew at the change: it is the same work, and the change is what asked for it.
 */
export function isSetAside(
  drop: LintStatement,
  create: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  if (drop.transaction === null || drop.transaction !== create.transaction) return false;
  if (!('IndexStmt' in create.node)) return false;
  const index = create.node.IndexStmt;
  const { relation } = index;
  if (relation === undefined) return false;
  const table = keyOfName(nameOfRelation(relation));
  const columns = columnsOf(index);
  const all = sameTransaction(drop, migrations);
  return all
    .slice(all.indexOf(drop) + 1, all.indexOf(create))
    .flatMap(({ node }) => alterTableCommands(node))
    .some(
      ({ subtype, name, relation: altered }) =>
        subtype === 'AT_AlterColumnType' &&
        keyOfName(nameOfRelation(altered)) === table &&
        columns.includes(name ?? ''),
    );
}

/** The same, asked at the CREATE INDEX: was an index of that name dropped to make way? */
export function comesBack(create: LintStatement, migrations: readonly LintMigration[]): boolean {
  if (!('IndexStmt' in create.node) || create.node.IndexStmt.relation === undefined) return false;
  const name = keyOfName(nameOfIndex(create.node.IndexStmt, create.node.IndexStmt.relation));
  return earlierInTransaction(create, migrations).some(
    (earlier) =>
      'DropStmt' in earlier.node &&
      earlier.node.DropStmt.removeType === 'OBJECT_INDEX' &&
      droppedNames(earlier.node.DropStmt).some((dropped) => keyOfName(dropped) === name) &&
      isSetAside(earlier, create, migrations),
  );
}

/** Those of its keys, of the expressions among them, and of its WHERE. */
function columnsOf(index: NodeOf<'IndexStmt'>): readonly string[] {
  const plain = keyColumns(index).flatMap((column) => column ?? []);
  return [...plain, ...columnRefs([index.indexParams, index.whereClause])];
}
