import { showMode } from '../../kernel/lock-words.ts';
import { locateOffset } from '../../sql/locate.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import { defaultInstead } from '../advice/default-instead.ts';
import { showList } from '../advice/show-list.ts';
import { splitAtWrites } from '../advice/split-at-writes.ts';
import { isSameName, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { type HeldLock, locksHeldBefore, noteLocks } from '../reading/held-locks.ts';
import { earlierInTransaction } from '../reading/same-transaction.ts';
import { defineRule } from '../rule.ts';

export const bulkDmlWithDdl = defineRule({
  id: 'bulk-dml-with-ddl',
  family: 'data',
  level: 'error',
  title: 'Many rows are written while the transaction holds a lock from a change of the schema',
  statement(statement, context) {
    const { facts, migrations, runner } = context;
    noteLocks(statement, facts);
    const [write] = bulkWritesOf(statement, facts);
    if (write === undefined) return [];
    const held = locksHeldBefore(statement, migrations);
    if (held.length === 0) return [];
    const told = earlierInTransaction(statement, migrations).flatMap((one) => waiting.get(one) ?? []);
    waiting.set(statement, write);
    // What mends one write mends the others: one finding for each table whose size decides.
    if (told.some(({ grows }) => isSameName(grows, write.grows))) return [];
    const instead = defaultInstead(statement, write, facts);
    const split =
      told.length > 0 ? null : splitAtWrites(statement, { facts, migrations, runner, batches: true });
    return [
      {
        statement,
        growsWith: write.grows,
        message: `${describeWrite(write)}, as many as there are, after ${describeCause(chief(held, write), statement)} in the same transaction. PostgreSQL keeps its locks until the commit: before the last row is done ${describeWaiting(held)}, and all who try wait in line.`,
        ...(instead !== null
          ? { hint: HINT_DEFAULT, rewrite: [instead] }
          : {
              hint: runner === 'drizzle' ? HINT_STOCK : HINT_SPLIT,
              ...(split === null ? {} : { rewrite: split }),
            }),
      },
    ];
  },
});

const HINT_DEFAULT =
  'One value for every row needs no UPDATE: ADD COLUMN with a DEFAULT gives it to all of them without writing any. DROP DEFAULT afterwards if new rows shall not get it.';
const HINT_STOCK =
  'Leave the change of the schema in this migration, and write the rows in batches, outside of migrations. What needs them written (NOT NULL, a constraint) comes in a later deployment: stock drizzle runs all that is pending in one transaction.';
const HINT_SPLIT =
  'Leave the change of the schema in this migration, and write the rows in batches, outside of migrations; where seconds suffice for all of them, a migration of its own will do. What needs them written (NOT NULL, a constraint) comes in the migration after that.';

/** Writes that wait behind a lock, by the statement that makes them. */
const waiting = new WeakMap<LintStatement, BulkWrite>();

/** The lock to begin with: among the gravest that of the table that is written, or read from. */
function chief(held: readonly HeldLock[], { relation, grows }: BulkWrite): HeldLock {
  const gravest = held.filter(({ mode }) => mode === held[0]?.mode);
  const own = [relation, grows].flatMap((name) => gravest.filter((lock) => isSameName(lock.relation, name)));
  return own[0] ?? (held[0] as HeldLock);
}

const DOES: Readonly<Record<BulkWrite['verb'], string>> = {
  INSERT: 'copies rows',
  UPDATE: 'writes rows',
  DELETE: 'deletes rows',
  MERGE: 'merges rows',
};

function describeWrite({ verb, relation, grows }: BulkWrite): string {
  const from = isSameName(grows, relation) ? '' : ` from ${showName(grows)}`;
  const into = verb === 'INSERT' || verb === 'MERGE' ? 'into' : 'of';
  return `${verb} ${DOES[verb]}${from} ${into} ${showName(relation)}`;
}

function describeCause({ by, mode, relation }: HeldLock, statement: LintStatement): string {
  const { line } = locateOffset(by.migration.sql, by.start);
  const where = by.migration === statement.migration ? `line ${line}` : `${by.migration.name}, line ${line}`;
  return `\`${statementTitle(by.text)}\` (${where}) has taken ${showMode(mode)} on ${showName(relation)}`;
}

const MOST_NAMED = 5;

function describeWaiting(held: readonly HeldLock[]): string {
  const [hidden, kept] = [true, false].map((wanted) =>
    shorten(held.filter(({ mode }) => (mode === 'AccessExclusive') === wanted)),
  );
  if (hidden === '') return `nobody can write to ${kept}`;
  return `nobody can read or write ${hidden}${kept === '' ? '' : `, or write to ${kept}`}`;
}

function shorten(held: readonly HeldLock[]): string {
  const names = held.map(({ relation }) => showName(relation));
  const rest = names.length - MOST_NAMED;
  return showList(rest > 1 ? [...names.slice(0, MOST_NAMED), `${rest} more tables`] : names);
}
