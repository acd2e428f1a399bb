import { nameOfParts, showName } from '../facts/names.ts';
import { defineRule } from '../rule.ts';

export const createEnum = defineRule({
  id: 'create-enum',
  family: 'style',
  level: 'off',
  title: 'An enum takes values and does not give them back',
  of: ['CreateEnumStmt'],
  statement(statement) {
    const { node } = statement;
    if (!('CreateEnumStmt' in node)) return [];
    const { typeName, vals = [] } = node.CreateEnumStmt;
    const name = nameOfParts(typeName);
    const values = vals.flatMap((value) => ('String' in value ? [`'${value.String.sval ?? ''}'`] : []));
    return [
      {
        statement,
        message: `PostgreSQL can add values to ${showName(name)} and rename them, but take none away and move none: for that the type is made anew, and every table that uses it is written anew under ACCESS EXCLUSIVE.`,
        hint: `In the schema: text('…', { enum: [${values.join(', ')}] }) has the same type in TypeScript; a check constraint or a table of values keeps others out of the database, and either can be changed while the table is in use.`,
      },
    ];
  },
});
