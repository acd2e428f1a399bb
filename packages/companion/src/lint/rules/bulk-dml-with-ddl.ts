import { locateOffset } from '../../sql/locate.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import { defaultInstead } from '../default-instead.ts';
import { type BulkWrite, bulkWritesOf } from '../facts/bulk-writes.ts';
import { showMode } from '../facts/lock-words.ts';
import { showName } from '../facts/names.ts';
import { type HeldLock, locksHeldBefore, noteLocks } from '../held-locks.ts';
import type { LintStatement } from '../migration.ts';
import { defineRule } from '../rule.ts';
import { splitAtWrites } from '../split-at-writes.ts';

export const bulkDmlWithDdl = defineRule({
  id: 'bulk-dml-with-ddl',
  family: 'data',
  level: 'error',
  title: 'Many rows are written while the transaction holds a lock from a change of the schema',
  statement(statement, { facts, migrations, runner }) {
    noteLocks(statement, facts);
    const writes = bulkWritesOf(statement, facts);
    const [write] = writes;
    if (write === undefined) return [];
    const [held, ...others] = locksHeldBefore(statement, migrations);
    if (held === undefined) return [];
    const instead = defaultInstead(statement, write, facts);
    const split = splitAtWrites(statement, { facts, migrations, runner, batches: true });
    return [
      {
        statement,
        growsWith: write.grows,
        message: `${describeWrite(write)} in the transaction in which ${describeCause(held, statement)} took ${showMode(held.mode)} on ${showName(held.relation)}${describeOthers(others)}. PostgreSQL keeps the lock until the commit: nobody can ${held.mode === 'AccessExclusive' ? 'read or write' : 'write to'} ${showName(held.relation)} before the last row is done, and all who try wait in line.`,
        ...(instead !== null
          ? {
              hint: 'One value for every row needs no UPDATE: ADD COLUMN with a DEFAULT gives it to all of them without writing any. DROP DEFAULT afterwards if new rows shall not get it.',
              rewrite: [instead],
            }
          : {
              hint:
                runner === 'drizzle'
                  ? 'Leave the change of the schema in this migration, and write the rows in batches, outside of migrations. What needs them written (NOT NULL, a constraint) comes in a later deployment: stock drizzle runs all that is pending in one transaction.'
                  : 'Leave the change of the schema in this migration, and write the rows in batches, outside of migrations; where seconds suffice for all of them, a migration of its own will do. What needs them written (NOT NULL, a constraint) comes in the migration after that.',
              ...(split === null ? {} : { rewrite: split }),
            }),
      },
    ];
  },
});

const DOES: Readonly<Record<BulkWrite['verb'], string>> = {
  INSERT: 'copies rows',
  UPDATE: 'writes rows',
  DELETE: 'deletes rows',
  MERGE: 'merges rows',
};

function describeWrite({ verb, relation, grows }: BulkWrite): string {
  const from = showName(grows) === showName(relation) ? '' : ` from ${showName(grows)}`;
  const of =
    verb === 'INSERT' || verb === 'MERGE' ? ` into ${showName(relation)}` : ` of ${showName(relation)}`;
  return `${verb} ${DOES[verb]}${from}${of}, as many as there are,`;
}

function describeCause({ by }: HeldLock, statement: LintStatement): string {
  const { line } = locateOffset(by.migration.sql, by.start);
  const where = by.migration === statement.migration ? `line ${line}` : `${by.migration.name}, line ${line}`;
  return `\`${statementTitle(by.text)}\` (${where})`;
}

function describeOthers(others: readonly HeldLock[]): string {
  if (others.length === 0) return '';
  return ` (and ${others.map(({ mode, relation }) => `${showMode(mode)} on ${showName(relation)}`).join(', ')})`;
}
