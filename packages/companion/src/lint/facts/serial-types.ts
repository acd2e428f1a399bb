import type { SqlType } from './sql-type.ts';

const INTEGERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    smallserial: 'int2',
    serial2: 'int2',
    serial: 'int4',
    serial4: 'int4',
    bigserial: 'int8',
    serial8: 'int8',
  }),
);

/** The catalog's name of the type that a column has which is declared with `serial` or its kin; null for others. */
export function integerOfSerial({ schema, name, dimensions }: SqlType): string | null {
  return schema === null && dimensions === 0 ? (INTEGERS.get(name) ?? null) : null;
}

/** The type that a column has which is declared so. */
export function typeOfColumn(type: SqlType): SqlType {
  return { ...type, name: integerOfSerial(type) ?? type.name };
}
