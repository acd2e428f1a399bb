import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteName, showName } from '../facts/names.ts';
import { type DroppedIndex, droppedIndexes } from '../reading/dropped-indexes.ts';
import { defineRule, type Report } from '../rule.ts';

export const dropIndexRefused = defineRule({
  id: 'drop-index-refused',
  family: 'transactions',
  level: 'error',
  title: 'PostgreSQL refuses this DROP INDEX',
  of: ['DropStmt'],
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('DropStmt' in node)) return [];
    const dropped = droppedIndexes(node, facts);
    const { concurrent, behavior, missing_ok } = node.DropStmt;
    const backing = dropped.flatMap((one) =>
      one.constraint === null ? [] : [refuseBacking(one, one.constraint.name)],
    );
    if (backing.length > 0 || !concurrent) return backing.map((report) => ({ statement, ...report }));
    const separate = dropped.map(({ name }) => ({
      title: 'a migration of its own',
      sql: `DROP INDEX CONCURRENTLY ${missing_ok ? 'IF EXISTS ' : ''}${quoteName(name)};`,
    }));
    if (dropped.length > 1) {
      return [
        {
          statement,
          message:
            'DROP INDEX CONCURRENTLY takes one index at a time; with several, PostgreSQL refuses it (0A000).',
          hint: 'Write a statement for each.',
          rewrite: separate,
        },
      ];
    }
    if (behavior === 'DROP_CASCADE') {
      return [
        {
          statement,
          message: 'DROP INDEX CONCURRENTLY knows no CASCADE: PostgreSQL refuses it (0A000).',
          hint: 'Leave CASCADE out. Little can depend on an index: a foreign key on a unique one, which is then to be dropped before.',
          rewrite: separate,
        },
      ];
    }
    return dropped
      .filter(({ table }) => table?.partitioned)
      .map(({ name, table }) => ({
        statement,
        message: `${showName(name)} is the index of a partitioned table${table === null ? '' : `, ${showName(table.name)}`}, and PostgreSQL refuses to drop such an index with CONCURRENTLY (0A000).`,
        hint: 'Leave CONCURRENTLY out: the work is short. It locks the table and all of its partitions against reads and writes (ACCESS EXCLUSIVE), so choose a quiet moment.',
        rewrite: [
          { title: 'this migration', sql: `DROP INDEX ${missing_ok ? 'IF EXISTS ' : ''}${quoteName(name)};` },
        ],
      }));
  },
});

function refuseBacking({ name, table }: DroppedIndex, constraint: string): Omit<Report, 'statement'> {
  const owner = table === null ? '' : ` of ${showName(table.name)}`;
  return {
    message: `${showName(name)} backs the constraint of that name${owner}: PostgreSQL refuses to drop the index alone (2BP01), with CASCADE too.`,
    hint: 'Drop the constraint; the index goes with it.',
    ...(table === null
      ? {}
      : {
          rewrite: [
            {
              title: 'this migration',
              sql: `ALTER TABLE ${quoteName(table.name)} DROP CONSTRAINT ${quoteIdentifier(constraint)};`,
            },
          ],
        }),
  };
}
