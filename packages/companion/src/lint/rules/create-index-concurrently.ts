import { insertAfter, rewritten } from '../edits.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import { isAlone } from '../is-alone.ts';
import { defineRule } from '../rule.ts';

export const createIndexConcurrently = defineRule({
  id: 'create-index-concurrently',
  family: 'locking',
  level: 'error',
  title: 'CREATE INDEX keeps writes out of a table while it builds',
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('IndexStmt' in node) || node.IndexStmt.concurrent || node.IndexStmt.relation === undefined)
      return [];
    const name = nameOfRelation(node.IndexStmt.relation);
    const table = facts.table(name);
    // On a partitioned table PostgreSQL refuses CONCURRENTLY, and there is nothing to build in one made with it.
    if (facts.isNew(table, statement) || table?.temporary || table?.partitioned) return [];
    const edit = insertAfter(statement, ['index'], ' CONCURRENTLY');
    if (edit === null) return [];
    return [
      {
        statement,
        growsWith: name,
        message: `CREATE INDEX locks ${showName(name)} against writes (SHARE) until the index is built: every INSERT, UPDATE and DELETE waits as long as it takes to read the whole table.`,
        hint: 'Build it with CONCURRENTLY, in a migration of its own: it then runs outside a transaction, and writes go on.',
        rewrite: [{ title: 'a migration of its own', sql: rewritten(statement, [edit]) }],
        ...(isAlone(statement) ? { edits: [edit] } : {}),
      },
    ];
  },
});
