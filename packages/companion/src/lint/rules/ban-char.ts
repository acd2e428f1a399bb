import { showName } from '../facts/names.ts';
import { showType } from '../facts/sql-type.ts';
import { newColumns } from '../reading/new-columns.ts';
import { defineRule } from '../rule.ts';

export const banChar = defineRule({
  id: 'ban-char',
  family: 'style',
  level: 'off',
  title: 'A char column is filled up with spaces',
  statement(statement) {
    return newColumns(statement)
      .filter(({ type }) => type.schema === null && type.name === 'bpchar')
      .map(({ at, table, name, type }) => {
        const length = type.modifiers[0];
        const filled =
          length === undefined
            ? 'does not tell trailing spaces from none'
            : `is ${showType(type)}: every value is filled up with spaces to a length of ${length}`;
        return {
          statement,
          at,
          message: `${showName(table)}.${name} ${filled}. Spaces at the end count in LIKE and in what drivers return, and do not count in comparisons.`,
          hint: `In the schema: text('${name}')${length === undefined ? '' : `, with check('${name}_length', sql\`char_length(\${table.${name}}) = ${length}\`) where the length is fixed`}.`,
        };
      });
  },
});
