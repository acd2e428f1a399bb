import { showName } from '../facts/names.ts';
import { newColumns } from '../reading/new-columns.ts';
import { defineRule } from '../rule.ts';

export const preferJsonb = defineRule({
  id: 'prefer-jsonb',
  family: 'style',
  level: 'off',
  title: 'A json column can be neither compared nor indexed',
  statement(statement) {
    return newColumns(statement)
      .filter(({ type }) => type.schema === null && type.name === 'json')
      .map(({ at, table, name }) => ({
        statement,
        at,
        message: `${showName(table)}.${name} keeps json as text, and parses it at every look into it. It has no equality, so that SELECT DISTINCT, UNION and GROUP BY over it fail, and no GIN index.`,
        hint: `In the schema: jsonb('${name}'). Keep json where the text must come back as it went in, with its spaces, repeated keys and order.`,
      }));
  },
});
