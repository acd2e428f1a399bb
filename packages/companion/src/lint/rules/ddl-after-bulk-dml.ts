import { showMode } from '../../kernel/lock-words.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import { splitAtWrites } from '../advice/split-at-writes.ts';
import { keyOfName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { type HeldLock, locksHeldBefore, noteLocks } from '../reading/held-locks.ts';
import { isInUse } from '../reading/in-use.ts';
import { earlierInTransaction } from '../reading/same-transaction.ts';
import { defineRule } from '../rule.ts';

export const ddlAfterBulkDml = defineRule({
  id: 'ddl-after-bulk-dml',
  family: 'data',
  level: 'warning',
  title: 'A table is locked after the same transaction has written many of its rows',
  statement(statement, { facts, migrations, runner }) {
    const taken = noteLocks(statement, facts);
    if (taken.length === 0) return [];
    const before = locksHeldBefore(statement, migrations);
    const asked = taken.filter((lock) => !before.some((held) => covers(held, lock)));
    if (asked.length === 0) return [];
    for (const { by, write } of earlierWrites(statement, facts, migrations)) {
      const lock = asked.find(({ relation }) => keyOfName(relation) === keyOfName(write.relation));
      if (lock === undefined) continue;
      const shown = showName(lock.relation);
      const split = splitAtWrites(by, { facts, migrations, runner, batches: false });
      return [
        {
          statement,
          growsWith: write.grows,
          message: `\`${statementTitle(statement.text)}\` asks for ${showMode(lock.mode)} on ${shown}, after ${write.verb} in the same transaction has locked rows of it, as many as there are. A session that waits for one of these rows holds a lock that this one waits for: PostgreSQL ends such a deadlock (40P01), and the one it ends is the migration. Then, or when lock_timeout ends the wait, everything that ${write.verb} has done is undone.`,
          hint: `Commit the rows before the table is locked: ${
            runner === 'drizzle' ? 'in a deployment of their own' : 'in a migration of their own'
          }. Where new rows could break what the old ones were mended for, add the constraint NOT VALID first, then mend, then validate.`,
          ...(split === null ? {} : { rewrite: split }),
        },
      ];
    }
    return [];
  },
});

/** Is what is asked for no more than what the transaction holds? */
function covers(held: HeldLock, asked: HeldLock): boolean {
  return (
    keyOfName(held.relation) === keyOfName(asked.relation) &&
    (held.mode === asked.mode || held.mode === 'AccessExclusive')
  );
}

function earlierWrites(
  statement: LintStatement,
  facts: SchemaFacts,
  migrations: readonly LintMigration[],
): readonly { readonly by: LintStatement; readonly write: BulkWrite }[] {
  return earlierInTransaction(statement, migrations).flatMap((by) =>
    bulkWritesOf(by, facts)
      // New rows are nobody's to wait for.
      .filter(({ verb, relation }) => verb !== 'INSERT' && isInUse(relation, by, facts))
      .map((write) => ({ by, write })),
  );
}
