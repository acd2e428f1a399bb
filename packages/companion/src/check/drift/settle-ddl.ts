import { canonicalJson, type Json } from '../../folder/picture/canonical-json.ts';
import type { Row } from '../../folder/picture/picture-ddl.ts';
import { settleDefault } from './settle-default.ts';

/**
 * Gives the rows `after` as drizzle-kit's differ of 1.x sees them beside the rows `before`: where it lets a
 * difference pass, the old value stands. What differs after that makes `drizzle-kit generate` write something. Pure.
 */
export function settleDdl(before: readonly Row[], after: readonly Row[]): readonly Row[] {
  const named = keepGeneratedNames(before, after);
  const old = new Map(before.map((row) => [keyOf(row), row]));
  return named.map((row) => {
    const was = old.get(keyOf(row));
    return was === undefined ? row : settleRow(was, row, named);
  });
}

/** What names a row within its type. An index is named in its schema, and belongs to a table. */
export function keyOf({ entityType, schema, table, name, grantor, grantee, type }: Row): string {
  if (entityType === 'privileges') return JSON.stringify([entityType, schema, table, grantor, grantee, type]);
  return JSON.stringify([entityType, schema, table, name]);
}

const NAMED_BY_KIT = new Set(['uniques', 'fks', 'pks', 'indexes']);

/** A name that nobody chose may differ between versions of the kit; the one in the database stays. */
function keepGeneratedNames(before: readonly Row[], after: readonly Row[]): readonly Row[] {
  const generated = (row: Row): boolean => NAMED_BY_KIT.has(row.entityType) && row.nameExplicit === false;
  const content = ({ name: _, ...rest }: Row): string => canonicalJson(rest);
  const candidates = new Map<string, Row[]>();
  for (const row of after.filter(generated)) {
    candidates.set(content(row), [...(candidates.get(content(row)) ?? []), row]);
  }
  const names = new Map<Row, unknown>();
  for (const row of before.filter(generated)) {
    const [match, second] = candidates.get(content(row)) ?? [];
    if (match !== undefined && second === undefined) names.set(match, row.name);
  }
  return after.map((row) => (names.has(row) ? { ...row, name: names.get(row) } : row));
}

function settleRow(was: Row, row: Row, after: readonly Row[]): Row {
  const keep = (...fields: string[]): Row => ({
    ...row,
    ...Object.fromEntries(fields.map((key) => [key, was[key]])),
  });
  switch (row.entityType) {
    case 'columns':
      return settleColumn(was, row, after);
    case 'policies':
      return keep(
        ...(isSameSet(was.roles, row.roles) ? ['roles'] : []),
        ...(isInParentheses(was.withCheck, row.withCheck) ? ['withCheck'] : []),
      );
    case 'views':
      return keep(...((row.using ?? null) === null && was.using === 'heap' ? ['using'] : []));
    default:
      return row;
  }
}

function settleColumn(was: Row, row: Row, after: readonly Row[]): Row {
  const [oldType, type] = [String(was.type), String(row.type)];
  const sameType = isSameType(oldType, type);
  const kept: Record<string, unknown> = {};
  if (sameType) kept.type = was.type;
  if (oldType === type && settleDefault(was.default, row.default, row)) kept.default = was.default;
  if (sameType && ((was.typeSchema ?? null) === null || (row.typeSchema ?? null) === null))
    kept.typeSchema = was.typeSchema;
  if (row.identity && was.identity)
    kept.identity = { ...(row.identity as Json), name: (was.identity as Json).name };
  const inPrimaryKey = after.some(
    (it) =>
      it.entityType === 'pks' &&
      it.schema === row.schema &&
      it.table === row.table &&
      (it.columns as readonly unknown[]).includes(row.name),
  );
  // NOT NULL comes with each of them, and goes by itself.
  if (inPrimaryKey || (row.notNull === true && (row.generated || row.identity))) kept.notNull = was.notNull;
  return { ...row, ...kept };
}

function isSameType(from: string, to: string): boolean {
  const srid = (type: string): string => type.replace(/,0\)$/, ')');
  if (from.startsWith('geometry(point') && to.startsWith('geometry(point') && srid(from) === srid(to))
    return true;
  return (
    from === to ||
    from === to.replace('numeric', 'decimal') ||
    to === from.replace('numeric', 'decimal') ||
    from.replace(',0)', ')') === to
  );
}

function isSameSet(a: unknown, b: unknown): boolean {
  return (
    Array.isArray(a) && Array.isArray(b) && canonicalJson([...a].sort()) === canonicalJson([...b].sort())
  );
}

function isInParentheses(a: unknown, b: unknown): boolean {
  return Boolean(a) && Boolean(b) && (a === `(${b})` || b === `(${a})`);
}
