import { keyColumns, nameOfIndex } from '../facts/index-name.ts';
import { showName } from '../facts/names.ts';
import { defineRule } from '../rule.ts';

export const wideIndex = defineRule({
  id: 'wide-index',
  family: 'style',
  level: 'off',
  title: 'An index over many columns is large, and seldom used to its end',
  options: { columns: 3 },
  of: ['IndexStmt'],
  statement(statement, { options: { columns } }) {
    const { node } = statement;
    if (!('IndexStmt' in node) || node.IndexStmt.relation === undefined || node.IndexStmt.unique) return [];
    const { accessMethod, relation } = node.IndexStmt;
    const keys = keyColumns(node.IndexStmt);
    // The other access methods search each column for itself, whatever their number.
    if (keys.length <= columns || (accessMethod ?? 'btree') !== 'btree') return [];
    return [
      {
        statement,
        message: `The index ${showName(nameOfIndex(node.IndexStmt, relation))} has ${keys.length} key columns. A B-tree serves a query up to the first column that it does not compare for equality; what stands behind makes every write and the index larger.`,
        hint: 'Keep the columns that the query compares, the most selective first; columns that are only read belong into INCLUDE.',
      },
    ];
  },
});
