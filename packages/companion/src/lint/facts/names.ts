import type { ParseNode, RangeVar } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';

/** A relation, type or function by name; `schema` is null where the SQL leaves it to the search path. */
export type QualifiedName = { readonly schema: string | null; readonly name: string };

export function nameOfRelation({ schemaname, relname }: RangeVar): QualifiedName {
  return { schema: schemaname ?? null, name: relname ?? '' };
}

/** The parts of a dotted name: `[String, String]`; anything before schema and name is dropped. */
export function nameOfParts(parts: readonly ParseNode[] | undefined): QualifiedName {
  const texts = (parts ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  return { schema: texts.at(-2) ?? null, name: texts.at(-1) ?? '' };
}

/** Without a schema a name is taken to lie in `public`, as drizzle-kit writes it. */
export function keyOfName({ schema, name }: QualifiedName): string {
  // No name can hold a NUL.
  return `${schema ?? 'public'}\0${name}`;
}

export function isSameName(a: QualifiedName, b: QualifiedName): boolean {
  return keyOfName(a) === keyOfName(b);
}

/** For messages: `users`, `billing.invoices`, quoted only where it must be. */
export function showName({ schema, name }: QualifiedName): string {
  return schema === null || schema === 'public'
    ? showIdentifier(name)
    : `${showIdentifier(schema)}.${showIdentifier(name)}`;
}

/** For SQL: quoted, with the schema if the user wrote one. */
export function quoteName({ schema, name }: QualifiedName): string {
  return schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A column's or constraint's name for messages: quoted only where it must be. */
export function showIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name);
}
