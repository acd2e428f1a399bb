import type { RangeVar } from '../../sql/parser.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const tableWithoutPrimaryKey = defineRule({
  id: 'table-without-primary-key',
  family: 'style',
  level: 'off',
  title: 'A table without a primary key',
  migration({ statements }, { facts }) {
    return statements.flatMap((statement) => {
      const { node } = statement;
      const relation =
        'CreateStmt' in node
          ? node.CreateStmt.relation
          : 'CreateTableAsStmt' in node
            ? node.CreateTableAsStmt.into?.rel
            : undefined;
      if (relation === undefined) return [];
      const table = facts.table(nameOfRelation(relation));
      // Not there any more, or renamed, or there before: not this statement's table.
      if (table === null || table.born !== statement || table.kind !== 'table' || table.temporary) return [];
      // What it inherits, or copies by LIKE, may be a key.
      const isOwn = 'CreateTableAsStmt' in node || table.complete;
      const hasKey = [...table.constraints.values()].some(({ kind }) => kind === 'primary key');
      if (!isOwn || hasKey || table.partitionOf !== null) return [];
      return [
        {
          statement,
          ...(statement.nested
            ? {}
            : { at: { start: statement.start, end: endOfName(statement, relation) } }),
          message: `${showName(table.name)} has no primary key: nothing tells two equal rows apart, and once the table is in a publication for logical replication, PostgreSQL refuses every UPDATE and DELETE on it (55000) until it has a replica identity.`,
          hint: "In the schema: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(), or primaryKey({ columns: […] }) over the columns that are unique together.",
        },
      ];
    });
  },
});

/** Where the table's name ends: a long table need not be underlined as a whole. */
function endOfName(statement: LintStatement, { location, schemaname }: RangeVar): number {
  const from = statement.offsetOf(location);
  const tokens = statement.tokens().filter(({ start, comment }) => start >= from && !comment);
  return tokens[schemaname === undefined ? 0 : 2]?.end ?? statement.end;
}
