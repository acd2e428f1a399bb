import { insertAfter } from '../advice/edits.ts';
import { canRunOutside, titleOutside, whereOutside } from '../advice/own-migration.ts';
import { quoteName, showName } from '../facts/names.ts';
import { droppedIndexes } from '../reading/dropped-indexes.ts';
import { defineRule } from '../rule.ts';

export const dropIndexConcurrently = defineRule({
  id: 'drop-index-concurrently',
  family: 'locking',
  level: 'info',
  title: 'DROP INDEX waits for every query on the table, and keeps the next ones waiting behind it',
  of: ['DropStmt'],
  statement(statement, { facts, runner }) {
    const { node } = statement;
    if (!('DropStmt' in node) || node.DropStmt.concurrent) return [];
    const busy = droppedIndexes(node, facts).filter(
      ({ index, table, constraint }) =>
        constraint === null &&
        !facts.isNew(index, statement) &&
        !facts.isNew(table, statement) &&
        !table?.temporary &&
        // PostgreSQL refuses CONCURRENTLY there, so that nothing better can be told.
        !table?.partitioned,
    );
    if (busy.length === 0) return [];
    const tables = [...new Set(busy.flatMap(({ index }) => (index === null ? [] : [showName(index.table)])))];
    const known = busy.map(({ index }) => index?.table);
    const guard = node.DropStmt.missing_ok ? 'IF EXISTS ' : '';
    const isPlain = (node.DropStmt.objects ?? []).length === 1 && node.DropStmt.behavior !== 'DROP_CASCADE';
    const edit =
      isPlain && canRunOutside(statement, runner) ? insertAfter(statement, ['index'], ' CONCURRENTLY') : null;
    return [
      {
        statement,
        ...(known.length === 1 && known[0] !== undefined ? { growsWith: known[0] } : {}),
        message: `DROP INDEX locks ${tables.length === 0 ? 'the table of the index' : tables.join(' and ')} against reads and writes (ACCESS EXCLUSIVE). The work is short, but the lock waits for every query and transaction that uses the table, and whoever comes later waits behind it.`,
        hint: `Drop it with CONCURRENTLY, ${whereOutside(runner)}; it waits without keeping anybody else.`,
        rewrite: busy.map(({ name }) => ({
          title: titleOutside(runner),
          sql: `DROP INDEX CONCURRENTLY ${guard}${quoteName(name)};`,
        })),
        ...(edit === null ? {} : { edits: [edit] }),
      },
    ];
  },
});
