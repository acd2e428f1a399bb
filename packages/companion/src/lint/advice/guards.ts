import { quoteIdentifier } from '../../sql/quote.ts';
import { type QualifiedName, quoteName, showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { primaryKeyOf } from '../reading/foreign-keys.ts';
import type { Guard } from './guard-block.ts';

type Unique = {
  readonly table: QualifiedName;
  /** What must be unique together, as SQL. */
  readonly texts: readonly string[];
  /** Of a partial index. */
  readonly where: string | null;
  readonly nullsDistinct: boolean;
};

export function guardUnique({ table, texts, where, nullsDistinct }: Unique): Guard {
  const conditions = [
    ...(where === null ? [] : [`(${where})`]),
    ...(nullsDistinct ? texts.map((text) => `${text} IS NOT NULL`) : []),
  ];
  return {
    count: [
      'SELECT count(*), min(duplicates.value)',
      `FROM (SELECT ${asText(texts)} AS value FROM ${quoteName(table)}`,
      ...(conditions.length === 0 ? [] : [`  WHERE ${conditions.join(' AND ')}`]),
      `  GROUP BY ${texts.join(', ')} HAVING count(*) > 1) AS duplicates`,
    ],
    offence: `Values of ${texts.join(', ').replaceAll('"', '')} that ${showName(table)} has more than once`,
    example: 'One of them:',
    condition: 'unique_violation',
  };
}

export function guardNotNull(table: QualifiedName, column: string, facts: SchemaFacts): Guard {
  const row = rowOf(table, facts);
  return {
    count: [
      `SELECT count(*), min(${row.text})`,
      `FROM ${quoteName(table)}`,
      `WHERE ${quoteIdentifier(column)} IS NULL`,
    ],
    offence: `Rows of ${showName(table)} without a value in ${showIdentifier(column)}`,
    example: `One of them: ${row.label}`,
    condition: 'not_null_violation',
  };
}

type Check = { readonly table: QualifiedName; readonly name: string | null; readonly condition: string };

export function guardCheck({ table, name, condition }: Check, facts: SchemaFacts): Guard {
  const row = rowOf(table, facts);
  return {
    count: [
      `SELECT count(*), min(${row.text})`,
      `FROM ${quoteName(table)}`,
      // Null satisfies a CHECK, and is not counted here either.
      `WHERE NOT (${condition})`,
    ],
    offence: `Rows of ${showName(table)} that break ${name === null ? condition : showIdentifier(name)}`,
    example: `One of them: ${row.label}`,
    condition: 'check_violation',
  };
}

type Key = {
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly target: QualifiedName;
  readonly targetColumns: readonly string[];
};

export function guardForeignKey({ table, columns, target, targetColumns }: Key): Guard {
  const texts = columns.map((column) => `${quoteIdentifier(table.name)}.${quoteIdentifier(column)}`);
  const pairs = targetColumns.map((column, place) => `referred.${quoteIdentifier(column)} = ${texts[place]}`);
  return {
    count: [
      `SELECT count(*), min(${asText(texts)})`,
      `FROM ${quoteName(table)}`,
      `WHERE ${texts.map((text) => `${text} IS NOT NULL`).join(' AND ')}`,
      `  AND NOT EXISTS (SELECT FROM ${quoteName(target)} AS referred WHERE ${pairs.join(' AND ')})`,
    ],
    offence: `Rows of ${showName(table)} whose ${columns.map(showIdentifier).join(', ')} is not in ${showName(target)}`,
    example: 'One of the values:',
    condition: 'foreign_key_violation',
  };
}

/** By what to find a row again: its primary key, where that is known. */
function rowOf(table: QualifiedName, facts: SchemaFacts): { readonly text: string; readonly label: string } {
  const key = primaryKeyOf(table, facts) ?? [];
  if (key.length === 0) return { text: 'ctid::text', label: 'ctid' };
  return { text: asText(key.map(quoteIdentifier)), label: key.map(showIdentifier).join(', ') };
}

function asText(texts: readonly string[]): string {
  return texts.length === 1 ? `(${texts[0]})::text` : `concat_ws(', ', ${texts.join(', ')})`;
}
