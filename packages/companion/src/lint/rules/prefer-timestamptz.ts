import { showName } from '../facts/names.ts';
import { newColumns } from '../reading/new-columns.ts';
import { defineRule } from '../rule.ts';

export const preferTimestamptz = defineRule({
  id: 'prefer-timestamptz',
  family: 'style',
  level: 'off',
  title: 'A timestamp without time zone does not say which moment it is',
  statement(statement) {
    return newColumns(statement)
      .filter(({ type }) => type.schema === null && type.name === 'timestamp')
      .map(({ at, table, name }) => ({
        statement,
        at,
        message: `${showName(table)}.${name} holds a date and a time of day, and not which moment that was: sessions with another TimeZone write and read it otherwise, and an hour in autumn is there twice.`,
        hint: `In the schema: timestamp('${name}', { withTimezone: true }). It takes the same 8 bytes.`,
      }));
  },
});
