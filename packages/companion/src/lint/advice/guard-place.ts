import type { SqlParser } from '../../sql/parser.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfRelation } from '../facts/names.ts';
import { relationsIn } from '../facts/relations-in.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { blockWords } from '../reading/block-words.ts';
import { noteLocks } from '../reading/held-locks.ts';
import { earlierInTransaction } from '../reading/same-transaction.ts';

type Around = {
  readonly facts: SchemaFacts;
  readonly migrations: readonly LintMigration[];
  readonly parser: SqlParser;
};

/**
 * Before which statement a guard counts while nobody waits: the first of the transaction that locks a table in use, or
 * the guarded one itself. Null where the guard would have to count behind that lock, because it looks at what a
 * statement in between makes or writes.
 */
export function guardPlace(
  statement: LintStatement,
  columns: readonly string[],
  { facts, migrations, parser }: Around,
): LintStatement | null {
  const before = earlierInTransaction(statement, migrations).filter(
    ({ migration, nested }) => migration === statement.migration && !nested,
  );
  const first = before.findIndex((one) => noteLocks(one, facts).length > 0);
  if (first === -1) return statement;
  const tables = new Set(relationsIn(statement.node).map((one) => keyOfName(nameOfRelation(one))));
  const isPassed = before.slice(first).every((one) => leavesAlone(one, { tables, columns, parser }));
  return isPassed ? (before[first] ?? statement) : null;
}

type Looked = {
  readonly tables: ReadonlySet<string>;
  readonly columns: readonly string[];
  readonly parser: SqlParser;
};

/** Does the guard find the same before the statement as behind it? No, where that cannot be told. */
function leavesAlone({ node }: LintStatement, { tables, columns, parser }: Looked): boolean {
  if ('DoStmt' in node) {
    const words = blockWords(node, parser);
    const isGuard = words.has('raise') || words.has('assert');
    return isGuard && !['insert', 'update', 'delete', 'execute', 'alter'].some((word) => words.has(word));
  }
  if ('AlterTableStmt' in node) {
    return alterTableCommands(node).every(
      (command) =>
        !tables.has(keyOfName(nameOfRelation(command.relation))) ||
        !columns.includes(columnOf(command)?.colname ?? command.name ?? ''),
    );
  }
  if ('DropStmt' in node) return droppedNames(node.DropStmt).every((name) => !tables.has(keyOfName(name)));
  if (HARMLESS.some((kind) => kind in node)) return true;
  if (!OF_TABLES.some((kind) => kind in node)) return false;
  return relationsIn(node).every((one) => !tables.has(keyOfName(nameOfRelation(one))));
}

const HARMLESS = [
  'IndexStmt',
  'CreateEnumStmt',
  'AlterEnumStmt',
  'CommentStmt',
  'CreatePolicyStmt',
  'CreateTrigStmt',
  'CreateSeqStmt',
  'GrantStmt',
];
const OF_TABLES = ['CreateStmt', 'ViewStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'];
