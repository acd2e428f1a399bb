import { quoteLiteral } from '../../sql/quote.ts';
import { append, rewritten } from '../advice/edits.ts';
import { nameOfParts, showName } from '../facts/names.ts';
import { defineRule } from '../rule.ts';

export const enumValuePosition = defineRule({
  id: 'enum-value-position',
  family: 'enums',
  // A matter of taste: drizzle-kit leaves the position out exactly where the value comes last in the schema code.
  level: 'off',
  title: 'ADD VALUE does not say where in the order of the enum the value belongs',
  of: ['AlterEnumStmt'],
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('AlterEnumStmt' in node)) return [];
    const { typeName, oldVal, newVal, newValNeighbor, skipIfNewValExists } = node.AlterEnumStmt;
    if (oldVal !== undefined || newVal === undefined || newValNeighbor !== undefined) return [];
    const name = nameOfParts(typeName);
    const known = facts.enum(name);
    const values = known?.values.map(({ value }) => value) ?? [];
    if (facts.isNew(known, statement) || (skipIfNewValExists && values.includes(newVal))) return [];
    const last = values.at(-1);
    // Of a type that was made elsewhere only the new values are known, and the last of them need not be the last.
    const edit = last === undefined ? null : append(statement, ` AFTER ${quoteLiteral(last)}`);
    const order = last === undefined ? '' : `, behind '${last}'`;
    return [
      {
        statement,
        message: `'${newVal}' becomes the last value of ${showName(name)}${order}: ORDER BY, < and > and max() follow the order of the values, and a value's place cannot be changed without making the type anew.`,
        hint: 'Say where it belongs with BEFORE or AFTER, in the order of the schema code.',
        ...(edit === null
          ? {}
          : { rewrite: [{ title: 'this migration', sql: rewritten(statement, [edit]) }], edits: [edit] }),
      },
    ];
  },
});
