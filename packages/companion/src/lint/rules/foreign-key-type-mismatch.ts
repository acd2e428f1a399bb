import { showIdentifier, showName } from '../facts/names.ts';
import { typeOfColumn } from '../facts/serial-types.ts';
import { type SqlType, showType } from '../facts/sql-type.ts';
import { foreignKeysOf } from '../reading/foreign-keys.ts';
import { defineRule } from '../rule.ts';

export const foreignKeyTypeMismatch = defineRule({
  id: 'foreign-key-type-mismatch',
  family: 'compatibility',
  level: 'error',
  title: 'A foreign key joins columns of different types',
  // After the migration: a key often comes before the statement that gives its column the right type.
  migration(migration, { facts }) {
    return migration.statements.flatMap((statement) =>
      foreignKeysOf(statement, facts).flatMap(({ table, columns, target, targetColumns, at }) =>
        columns.flatMap((column, place) => {
          const targetColumn = targetColumns?.[place] ?? '';
          const from = facts.table(table)?.columns.get(column)?.type;
          const to = facts.table(target)?.columns.get(targetColumn)?.type;
          const trouble = from && to ? findTrouble(from, to) : null;
          if (!from || !to || trouble === null) return [];
          const names = `${showName(table)}.${showIdentifier(column)}`;
          const others = `${showName(target)}.${showIdentifier(targetColumn)}`;
          return [
            {
              statement,
              at,
              ...(trouble === 'refused' ? {} : { level: 'warning' as const }),
              message: `${names} is ${showType(from)}, and refers to ${others}, which is ${showType(to)}. ${describe(trouble, { names, others, from, to })}`,
              hint: `Give ${showIdentifier(column)} the type of what it refers to: ${showType(typeOfColumn(to))}.`,
            },
          ];
        }),
      ),
    );
  },
});

type Trouble = 'refused' | 'narrower' | 'inexact' | 'time zone' | 'cast';

const FAMILIES: Readonly<Record<string, string>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'numeric',
  float4: 'float',
  float8: 'float',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
  uuid: 'uuid',
  bool: 'boolean',
  bytea: 'bytea',
};

/** Pairs of families that PostgreSQL compares for a foreign key, the referring one first. */
const COMPARED: Readonly<Record<string, Trouble>> = {
  'integer numeric': 'cast',
  'integer float': 'inexact',
  'numeric float': 'inexact',
};

const WIDTHS: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };

/** null for what goes well together, or is not known well enough to say. */
function findTrouble(referring: SqlType, referred: SqlType): Trouble | null {
  const from = typeOfColumn(referring);
  const to = typeOfColumn(referred);
  const [fromFamily, toFamily] = [FAMILIES[from.name], FAMILIES[to.name]];
  // Types that people make can be domains, or have operators of their own.
  if (fromFamily === undefined || toFamily === undefined || from.schema !== null || to.schema !== null)
    return null;
  if (from.dimensions > 0 !== to.dimensions > 0) return 'refused';
  if (from.dimensions > 0) return null;
  if (fromFamily !== toFamily) return COMPARED[`${fromFamily} ${toFamily}`] ?? 'refused';
  if (fromFamily === 'integer') {
    return (WIDTHS[from.name] ?? 0) < (WIDTHS[to.name] ?? 0) ? 'narrower' : null;
  }
  if (fromFamily === 'float') return from.name === to.name ? null : 'inexact';
  return fromFamily === 'time' && from.name !== to.name ? 'time zone' : null;
}

type Pair = {
  readonly names: string;
  readonly others: string;
  readonly from: SqlType;
  readonly to: SqlType;
};

const LARGEST: Readonly<Record<string, string>> = { int2: '32767', int4: '2147483647' };

function describe(trouble: Trouble, { names, others, from, to }: Pair): string {
  switch (trouble) {
    case 'refused':
      return 'PostgreSQL cannot compare the two and refuses the key (42804): the migration fails here.';
    case 'narrower':
      return `Rows of ${others} above ${LARGEST[typeOfColumn(from).name] ?? ''} cannot be referred to: from the first of them on, writing ${names} fails.`;
    case 'inexact':
      return `PostgreSQL compares them as floating-point numbers: large values that differ can count as equal.`;
    case 'time zone':
      return 'To compare them, PostgreSQL converts one by the time zone of the session: the same two values are equal in one session and not in another.';
    case 'cast':
      return `Every look-up converts ${names} to ${showType(typeOfColumn(to))} first.`;
  }
}
