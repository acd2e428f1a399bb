import type { NodeOf } from '../../sql/parser.ts';
import { defaultInstead } from '../advice/default-instead.ts';
import { quoteName, showName } from '../facts/names.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { locksHeldBefore, noteLocks } from '../reading/held-locks.ts';
import { isRefilled } from '../reading/refilled.ts';
import { defineRule, type Report } from '../rule.ts';

export const updateOrDeleteWithoutWhere = defineRule({
  id: 'update-or-delete-without-where',
  family: 'data',
  level: 'warning',
  title: 'UPDATE or DELETE without WHERE touches every row of a table in one transaction',
  statement(statement, { facts, migrations }) {
    noteLocks(statement, facts);
    const writes = bulkWritesOf(statement, facts).filter(
      ({ verb, whole }) => whole && (verb === 'UPDATE' || verb === 'DELETE'),
    );
    if (writes.length === 0) return [];
    // Behind a lock of the same transaction, bulk-dml-with-ddl leads.
    const isLocked = locksHeldBefore(statement, migrations).length > 0;
    return writes.flatMap((write): readonly Report[] => {
      const { verb, relation, grows, node } = write;
      const found = { statement, growsWith: grows, message: describe(write) };
      if (verb === 'UPDATE') {
        const { fromClause } = (node ?? {}) as NodeOf<'UpdateStmt'>;
        // Rows that meet values of any other row are more than locked.
        if (fromClause !== undefined) return [{ ...found, hint: 'Join the tables in WHERE.' }];
        // What mends it is shown there, and would only be shown again.
        if (isLocked) return [{ ...found, level: 'info', hint: HINT_WHERE }];
        const instead = defaultInstead(statement, write, facts);
        return [
          instead === null
            ? { ...found, hint: HINT_WHERE }
            : { ...found, hint: HINT_DEFAULT, rewrite: [instead] },
        ];
      }
      // Where the statement inserts, too, the rows are on their way to somewhere else.
      if ((node === null && inserts(statement.node)) || isRefilled(relation, statement, migrations))
        return [];
      const { usingClause } = (node ?? {}) as NodeOf<'DeleteStmt'>;
      return [
        usingClause === undefined
          ? {
              ...found,
              hint: 'To empty the table, TRUNCATE takes no time, but locks it against reads and writes (ACCESS EXCLUSIVE) until the commit, and fires no triggers for rows. To keep rows, say in WHERE which ones go. WHERE true says that all of them are meant.',
              rewrite: [{ title: 'if all of it goes', sql: `TRUNCATE ${quoteName(relation)};` }],
            }
          : { ...found, hint: 'Join the tables in WHERE.' },
      ];
    });
  },
});

const HINT_WHERE =
  'Say in WHERE which rows need it, so that a second run has nothing to do, and write a large table in batches, outside of migrations. WHERE true says that all of them are meant.';
const HINT_DEFAULT =
  'One value for every row needs no UPDATE: ADD COLUMN with a DEFAULT gives it to all of them without writing any. DROP DEFAULT afterwards if new rows shall not get it.';

function inserts(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  return 'InsertStmt' in tree || Object.values(tree).some(inserts);
}

function describe({ verb, relation, node }: BulkWrite): string {
  const shown = showName(relation);
  if (verb === 'DELETE') {
    const joined = node !== null && 'usingClause' in node;
    return joined
      ? `DELETE from ${shown} joins USING to nothing: as soon as the other table has one row, every row of ${shown} is deleted.`
      : `DELETE without WHERE deletes every row of ${shown}, one by one in one transaction: rows stay locked until the commit, and what they took on disk is left for VACUUM.`;
  }
  const joined = node !== null && 'fromClause' in node;
  return joined
    ? `UPDATE of ${shown} joins FROM to nothing: every row of ${shown} is written, each with values of any row that the other table happens to have.`
    : `UPDATE without WHERE writes every row of ${shown} anew in one transaction: whoever wants to change one of them waits until the last is written, and the table is twice its size afterwards.`;
}
