import { showList } from '../advice/show-list.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import { defineRule } from '../rule.ts';

export const createTableIfNotExists = defineRule({
  id: 'create-table-if-not-exists',
  family: 'data',
  level: 'warning',
  title: 'IF NOT EXISTS passes over a table that is there without the columns that this one would have',
  of: ['CreateStmt'],
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('CreateStmt' in node) || !node.CreateStmt.if_not_exists) return [];
    const { relation, tableElts = [] } = node.CreateStmt;
    if (relation === undefined) return [];
    const name = nameOfRelation(relation);
    const table = facts.table(name);
    if (table === null || !table.complete) return [];
    const missing = tableElts.flatMap((element) => {
      const column = 'ColumnDef' in element ? (element.ColumnDef.colname ?? '') : '';
      return column === '' || table.columns.has(column) ? [] : [column];
    });
    if (missing.length === 0) return [];
    const columns = showList(missing.map((column) => showName({ schema: null, name: column })));
    const by = table.born === null ? '' : `, made by ${table.born.migration.name}`;
    return [
      {
        statement,
        message: `${showName(name)} is there already${by}, and has no ${columns}. IF NOT EXISTS passes over it in silence: the migration succeeds, and the ${missing.length === 1 ? 'column is' : 'columns are'} still missing.`,
        hint: 'Add the columns with ALTER TABLE, or leave IF NOT EXISTS out, so that PostgreSQL tells of a table that is in the way.',
      },
    ];
  },
});
