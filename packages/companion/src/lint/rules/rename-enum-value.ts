import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { fillColumn } from '../advice/fill-column.ts';
import { generateAgain } from '../advice/generate-again.ts';
import { keyOfName, nameOfParts, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { defineRule } from '../rule.ts';

export const renameEnumValue = defineRule({
  id: 'rename-enum-value',
  family: 'compatibility',
  level: 'warning',
  title: 'A release that still runs does not know the new name of an enum value',
  of: ['AlterEnumStmt'],
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('AlterEnumStmt' in node)) return [];
    const { typeName, oldVal: from, newVal: to } = node.AlterEnumStmt;
    if (from === undefined || to === undefined) return [];
    const type = nameOfParts(typeName);
    const known = facts.enum(type);
    const value = known?.values.find((one) => one.value === from) ?? null;
    if (facts.isNew(known, statement) || facts.isNew(value, statement)) return [];
    const [old, fresh] = [quoteLiteral(from), quoteLiteral(to)];
    const updates = columnsOf(type, facts).map(({ table, column }) => {
      const missing = `${quoteIdentifier(column)} = ${old}`;
      const fill = fillColumn({ table, column, value: fresh, missing }, facts);
      return { ...fill, title: `${fill.title}, when every release that runs knows both` };
    });
    return [
      {
        statement,
        message: `From the commit on ${showName(type)} has no value ${old}: a release that still runs fails where it writes it or compares with it (22P02), and reads ${fresh}, for which it has no case.`,
        hint: `Add ${fresh} beside ${old}, let a release that knows both run everywhere, and change the rows then. PostgreSQL cannot take ${old} out of the type again; it does no harm there, and stays in pgEnum, too: ${generateAgain('declare both values')}.`,
        rewrite: [
          {
            title: 'this migration',
            sql: `ALTER TYPE ${quoteName(type)} ADD VALUE ${fresh} BEFORE ${old};`,
          },
          ...updates,
        ],
      },
    ];
  },
});

/** The columns of the type itself, arrays of it left out. */
function columnsOf(type: QualifiedName, facts: SchemaFacts) {
  return [...facts.tables()]
    .filter(({ kind, partitionOf }) => kind === 'table' && partitionOf === null)
    .flatMap(({ name, columns }) =>
      [...columns.values()]
        .filter((column) => column.type !== null && keyOfName(column.type) === keyOfName(type))
        .filter((column) => column.type?.dimensions === 0)
        .map((column) => ({ table: name, column: column.name })),
    );
}
