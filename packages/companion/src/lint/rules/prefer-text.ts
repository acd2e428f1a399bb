import { showName } from '../facts/names.ts';
import { showType } from '../facts/sql-type.ts';
import { newColumns } from '../reading/new-columns.ts';
import { defineRule } from '../rule.ts';

export const preferText = defineRule({
  id: 'prefer-text',
  family: 'style',
  level: 'off',
  title: 'The length of a varchar is hard to make smaller, and saves nothing',
  statement(statement) {
    return newColumns(statement)
      .filter(({ type }) => type.schema === null && type.name === 'varchar' && type.modifiers.length > 0)
      .map(({ at, table, name, type }) => ({
        statement,
        at,
        message: `${showName(table)}.${name} is ${showType(type)}, which is stored as text is and takes the same space. To make the length smaller later, PostgreSQL reads the whole table under ACCESS EXCLUSIVE and writes it anew.`,
        hint: `In the schema: text('${name}'), and where the length matters check('${name}_length', sql\`char_length(\${table.${name}}) <= ${type.modifiers[0]}\`), which can be changed while the table is in use.`,
      }));
  },
});
