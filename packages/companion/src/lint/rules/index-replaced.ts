import type { Rewrite } from '../../kernel/finding.ts';
import type { NodeOf } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { titleOutside } from '../advice/own-migration.ts';
import { keyColumns, nameOfIndex } from '../facts/index-name.ts';
import { keyOfName, nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintRunner, LintStatement } from '../migration.ts';
import { type DroppedIndex, droppedIndexes } from '../reading/dropped-indexes.ts';
import { spanOfRelation } from '../reading/relation-span.ts';
import { isSetAside } from '../reading/set-aside.ts';
import { defineRule } from '../rule.ts';

export const indexReplaced = defineRule({
  id: 'index-replaced',
  family: 'locking',
  level: 'warning',
  title: 'An index is dropped before the one that replaces it is built',
  statement(statement, { facts, migrations, runner }) {
    if (statement.nested) return [];
    return droppedIndexes(statement.node, facts).flatMap((dropped) => {
      const { index, table, constraint } = dropped;
      if (constraint !== null || facts.isNew(index, statement) || facts.isNew(table, statement)) return [];
      // What is not known and may be missing is what a failed build has left.
      if (index === null && isForgiving(statement)) return [];
      if (table?.temporary || hasSubstitute(dropped, facts)) return [];
      const found = findReplacement(statement, dropped, migrations);
      if (found === null) return [];
      const [replacement, node] = found;
      const { relation } = node;
      if (isSetAside(statement, replacement, migrations)) return [];
      if (relation === undefined || facts.isNew(facts.table(nameOfRelation(relation)), statement)) return [];
      const shown = showName(nameOfRelation(relation));
      const same = statement.transaction !== null && statement.transaction === replacement.transaction;
      return [
        {
          statement,
          growsWith: nameOfRelation(relation),
          message: same
            ? `${showName(dropped.name)} is dropped before its replacement is built, in one transaction: DROP INDEX locks ${shown} against reads and writes (ACCESS EXCLUSIVE), and the lock is kept until the new index is built and the transaction commits. Every query on the table waits as long as it takes to read all of it.`
            : `${showName(dropped.name)} is dropped before its replacement is built: until that is done, queries that need it read the whole of ${shown}${index?.unique ? ', and nothing keeps duplicates out' : ''}.`,
          hint: 'Build the new index first, then drop the old one. Where the name must stay the same, build it under another and rename it at the end.',
          ...rewriteOf(dropped.name, { replacement, node, runner, facts }),
        },
      ];
    });
  },
});

function isForgiving({ node }: LintStatement): boolean {
  return 'DropStmt' in node && node.DropStmt.missing_ok === true;
}

/** Another index that queries can use meanwhile. */
function hasSubstitute({ name, index }: DroppedIndex, facts: SchemaFacts): boolean {
  if (index === null) return false;
  return facts
    .indexesOf(index.table)
    .some(
      (other) =>
        keyOfName(other.name) !== keyOfName(name) && !other.partial && covers(other.columns, index.columns),
    );
}

/** The first index of the same deployment, made after the drop, that queries on the old one will use. */
function findReplacement(
  statement: LintStatement,
  { name, index }: DroppedIndex,
  migrations: readonly LintMigration[],
): readonly [LintStatement, NodeOf<'IndexStmt'>] | null {
  const { migration } = statement;
  const later = migrations
    .slice(migrations.indexOf(migration))
    .filter(({ batch }) => batch === migration.batch)
    .flatMap((one) => (one === migration ? one.statements.slice(statement.index + 1) : one.statements));
  for (const candidate of later) {
    const { node } = candidate;
    if (!('IndexStmt' in node) || node.IndexStmt.relation === undefined) continue;
    const made = nameOfIndex(node.IndexStmt, node.IndexStmt.relation);
    const isSame = keyOfName(made) === keyOfName(name);
    const table = nameOfRelation(node.IndexStmt.relation);
    if (
      index === null ? isSame : isOn(table, index.table) && covers(keyColumns(node.IndexStmt), index.columns)
    ) {
      return [candidate, node.IndexStmt];
    }
  }
  return null;
}

function isOn(table: QualifiedName, other: QualifiedName): boolean {
  return keyOfName(table) === keyOfName(other);
}

/** Does an index over these columns find what one over the others does: does it begin with the same column? */
function covers(columns: readonly (string | null)[], others: readonly (string | null)[]): boolean {
  return columns[0] !== undefined && columns[0] !== null && columns[0] === others[0];
}

type Replacement = {
  readonly replacement: LintStatement;
  readonly node: NodeOf<'IndexStmt'>;
  readonly runner: LintRunner;
  readonly facts: SchemaFacts;
};

/** None for a partitioned table, where nothing is concurrent, and the steps are those of create-index-concurrently. */
function rewriteOf(
  old: QualifiedName,
  { replacement, node, runner, facts }: Replacement,
): { readonly rewrite?: readonly Rewrite[] } {
  const { relation } = node;
  const span = relation === undefined || replacement.nested ? null : spanOfRelation(replacement, relation);
  if (relation === undefined || span === null) return {};
  const table = nameOfRelation(relation);
  if (facts.table(table)?.partitioned) return {};
  const made = nameOfIndex(node, relation);
  const isSame = keyOfName(made) === keyOfName(old);
  const built = isSame ? { ...made, name: `${made.name}_new` } : made;
  const title = titleOutside(runner);
  const tail = replacement.text.slice(span.start - replacement.start);
  const unique = node.unique ? 'UNIQUE ' : '';
  return {
    rewrite: [
      { title, sql: `CREATE ${unique}INDEX CONCURRENTLY ${quoteIdentifier(built.name)} ON ${tail};` },
      { title, sql: `DROP INDEX CONCURRENTLY ${quoteName(old)};` },
      ...(isSame
        ? [
            {
              title: 'a later migration',
              sql: `ALTER INDEX ${quoteName(built)} RENAME TO ${quoteIdentifier(made.name)};`,
            },
          ]
        : []),
    ],
  };
}
