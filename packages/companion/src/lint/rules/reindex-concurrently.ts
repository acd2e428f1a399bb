import type { NodeOf } from '../../sql/parser.ts';
import { insertAfter, rewritten } from '../advice/edits.ts';
import { canRunOutside, titleOutside, whereOutside } from '../advice/own-migration.ts';
import { nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import { refusedForPartitions } from '../reading/refused-in-transaction.ts';
import { defineRule } from '../rule.ts';

const WHOLE = ['schema', 'database', 'system'] as const;

export const reindexConcurrently = defineRule({
  id: 'reindex-concurrently',
  family: 'locking',
  level: 'error',
  title: 'REINDEX keeps writes out of a table, and most reads too',
  of: ['ReindexStmt'],
  statement(statement, { facts, runner }) {
    const { node } = statement;
    if (!('ReindexStmt' in node) || isConcurrent(node.ReindexStmt)) return [];
    // It fails, which is told elsewhere, before it has locked anything for long.
    const isOneTransaction = statement.nested || statement.transaction !== null;
    if (isOneTransaction && refusedForPartitions(statement, facts) !== null) return [];
    const { kind, relation } = node.ReindexStmt;
    const whole = WHOLE.find((word) => kind === `REINDEX_OBJECT_${word.toUpperCase()}`);
    const what = relation === undefined ? null : nameOfRelation(relation);
    const index = what !== null && kind === 'REINDEX_OBJECT_INDEX' ? facts.index(what) : null;
    const name: QualifiedName | null = kind === 'REINDEX_OBJECT_INDEX' ? (index?.table ?? null) : what;
    const table = name === null ? null : facts.table(name);
    if (facts.isNew(table, statement) || facts.isNew(index, statement) || table?.temporary) return [];
    // Its locks are as bad, and it has no other form.
    const edit =
      whole === 'system'
        ? null
        : insertAfter(statement, ['index', 'table', 'schema', 'database'], ' CONCURRENTLY');
    const where = whole === undefined ? showTable(name) : 'one table after the other';
    return [
      {
        statement,
        ...(name === null ? {} : { growsWith: name }),
        message: `REINDEX locks ${where} against writes (SHARE), and each index that it builds against all use (ACCESS EXCLUSIVE): writes wait until it is built, and so does every query that would be planned with it.`,
        hint:
          edit === null
            ? 'System catalogs cannot be indexed anew with CONCURRENTLY: do it by hand, when nobody works with the database.'
            : `Use CONCURRENTLY, ${whereOutside(runner)}. It takes longer, and nobody waits.`,
        ...(edit === null
          ? {}
          : { rewrite: [{ title: titleOutside(runner), sql: rewritten(statement, [edit]) }] }),
        ...(edit !== null && canRunOutside(statement, runner) ? { edits: [edit] } : {}),
      },
    ];
  },
});

function showTable(name: QualifiedName | null): string {
  return name === null ? 'the table of the index' : showName(name);
}

function isConcurrent({ params = [] }: NodeOf<'ReindexStmt'>): boolean {
  return params.some((param) => 'DefElem' in param && param.DefElem.defname === 'concurrently');
}
