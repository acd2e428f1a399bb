import { showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { type NewColumn, newColumns } from '../reading/new-columns.ts';
import { defineRule } from '../rule.ts';

/** The largest value of each type that ends too soon. */
const RANGES: Readonly<Record<string, string>> = {
  int4: '2,147,483,647',
  serial: '2,147,483,647',
  serial4: '2,147,483,647',
  int2: '32,767',
  smallserial: '32,767',
  serial2: '32,767',
};

export const preferBigint = defineRule({
  id: 'prefer-bigint',
  family: 'style',
  level: 'off',
  title: 'A key that ends at two thousand million is hard to make wider',
  options: { primaryKeysOnly: true },
  migration({ statements }, { facts, options: { primaryKeysOnly } }) {
    return statements.flatMap((statement) =>
      newColumns(statement).flatMap((column) => {
        const { table, name, type, at } = column;
        const range = type.schema === null ? RANGES[type.name] : undefined;
        if (range === undefined || (primaryKeysOnly && !isKey(column, facts))) return [];
        const builder = `bigint('${name}', { mode: 'number' })`;
        const counts = isCounted(column);
        return [
          {
            statement,
            at,
            message: `${showName(table)}.${name} ends at ${range}. When it is full every INSERT fails; to make it wider PostgreSQL writes the whole table anew under ACCESS EXCLUSIVE, and each column that refers to it has to follow in the same way.`,
            hint: `In the schema: ${counts ? `${builder}.generatedByDefaultAsIdentity()` : builder}. mode: 'number' is exact up to 9,007,199,254,740,991.`,
          },
        ];
      }),
    );
  },
});

/** The column alone is the primary key, and is no reference to another key, whose type it must have. */
function isKey({ table, name }: NewColumn, facts: SchemaFacts): boolean {
  const constraints = [...(facts.table(table)?.constraints.values() ?? [])];
  const refers = constraints.some(({ kind, columns }) => kind === 'foreign key' && columns.includes(name));
  return (
    !refers &&
    constraints.some(
      ({ kind, columns }) => kind === 'primary key' && columns.length === 1 && columns[0] === name,
    )
  );
}

function isCounted({ type, node }: NewColumn): boolean {
  const identity = (node.constraints ?? []).some(
    (one) => 'Constraint' in one && one.Constraint.contype === 'CONSTR_IDENTITY',
  );
  return identity || type.name.includes('serial');
}
