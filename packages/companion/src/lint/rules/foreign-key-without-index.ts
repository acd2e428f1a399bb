import { quoteIdentifier } from '../../sql/quote.ts';
import { constraintName } from '../advice/constraint-name.ts';
import { titleOutside } from '../advice/own-migration.ts';
import { alterTableCommands, constraintOf, namesOf } from '../facts/alter-commands.ts';
import { nameOfRelation, quoteName, showIdentifier, showName } from '../facts/names.ts';
import type { IndexFacts, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { foreignKeysOf, isSameTable, type NewKey } from '../reading/foreign-keys.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule } from '../rule.ts';

export const foreignKeyWithoutIndex = defineRule({
  id: 'foreign-key-without-index',
  family: 'locking',
  level: 'info',
  title: 'A foreign key whose columns no index begins with',
  migration(migration, { facts, migrations, runner }) {
    const later = migrations
      .slice(migrations.indexOf(migration) + 1)
      .filter(({ batch }) => batch === migration.batch)
      .flatMap(({ statements }) => statements);
    return migration.statements.flatMap((statement) =>
      foreignKeysOf(statement, facts).flatMap((key) => {
        const { table, columns, target } = key;
        if (isIndexed(key, facts) || later.some((one) => makesIndex(one, key))) return [];
        const shown = columns.map(showIdentifier).join(', ');
        const inUse = isInUse(table, statement, facts);
        const name = quoteIdentifier(constraintName(table.name, columns, 'idx'));
        const on = `${quoteName(table)} (${columns.map(quoteIdentifier).join(', ')})`;
        return [
          {
            statement,
            at: key.at,
            growsWith: table,
            message: `No index of ${showName(table)} begins with ${shown}. For each row that is deleted from ${showName(target)}, or whose key is changed, PostgreSQL reads all of ${showName(table)} to find what refers to it, and holds the row's lock meanwhile.`,
            hint: `Where rows of ${showName(target)} are never deleted, and nobody looks ${showName(table)} up by ${shown}, it can stay so.`,
            ...(inUse && facts.table(table)?.partitioned
              ? {}
              : {
                  rewrite: [
                    inUse
                      ? { title: titleOutside(runner), sql: `CREATE INDEX CONCURRENTLY ${name} ON ${on};` }
                      : { title: 'this migration', sql: `CREATE INDEX ${name} ON ${on};` },
                  ],
                }),
          },
        ];
      }),
    );
  },
});

function isIndexed({ table, columns }: NewKey, facts: SchemaFacts): boolean {
  const constraints = [...(facts.table(table)?.constraints.values() ?? [])];
  return (
    facts.indexesOf(table).some((index) => finds(index, columns)) ||
    constraints.some(
      (known) =>
        (known.kind === 'primary key' || known.kind === 'unique') && beginsWith(known.columns, columns),
    )
  );
}

/** A partial index finds the rows if it leaves out nulls alone, as a look-up by equality does. */
function finds({ columns: indexed, partial, born }: IndexFacts, columns: readonly string[]): boolean {
  if (!beginsWith(indexed, columns)) return false;
  if (!partial || born === null || !('IndexStmt' in born.node)) return true;
  const { whereClause } = born.node.IndexStmt;
  return (
    whereClause !== undefined &&
    'NullTest' in whereClause &&
    whereClause.NullTest.nulltesttype === 'IS_NOT_NULL'
  );
}

/** In any order. */
function beginsWith(indexed: readonly (string | null)[], columns: readonly string[]): boolean {
  return (
    indexed.slice(0, columns.length).every((column) => column !== null && columns.includes(column)) &&
    indexed.length >= columns.length
  );
}

/** Does a statement of a later migration, in the same deployment, make what is missing? */
function makesIndex({ node }: LintStatement, { table, columns }: NewKey): boolean {
  if ('IndexStmt' in node) {
    const { relation, indexParams = [] } = node.IndexStmt;
    const indexed = indexParams.map((param) =>
      'IndexElem' in param ? (param.IndexElem.name ?? null) : null,
    );
    return (
      relation !== undefined && isSameTable(nameOfRelation(relation), table) && beginsWith(indexed, columns)
    );
  }
  return alterTableCommands(node).some(
    (command) =>
      isSameTable(nameOfRelation(command.relation), table) &&
      beginsWith(namesOf(constraintOf(command)?.keys), columns),
  );
}
