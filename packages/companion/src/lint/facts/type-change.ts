import type { ParseNode } from '../../sql/parser.ts';
import { isOfExtension, knowType, type TypeFacts } from './known-type.ts';
import { keyOfName } from './names.ts';
import { integerOfSerial } from './serial-types.ts';
import { readTypeName, type SqlType } from './sql-type.ts';

/**
 * What ALTER COLUMN … TYPE costs on PostgreSQL 14 to 18.
 *
 * - `same`: the type is what it was.
 * - `catalog`: only the catalog changes. No row is read; an index may have to be built anew, see `rebuildsIndexes`.
 * - `rewrite-unless-utc`: `timestamp` to `timestamptz` or back. Nothing is rewritten where the session's time zone
 *   is always at offset zero (`SET LOCAL timezone = 'UTC'`), everything in any other.
 * - `rewrite`: the table and all its indexes are written anew, under ACCESS EXCLUSIVE.
 * - `unknown`: one of the types is not known, and may be a domain or have a cast that leaves the bytes alone.
 *
 * No type makes PostgreSQL only check the rows. Constraints do: a CHECK that names the column is proven again, by
 * a scan under ACCESS EXCLUSIVE, even where the type stays the same.
 */
export type TypeChangeCost = 'same' | 'catalog' | 'rewrite-unless-utc' | 'unknown' | 'rewrite';

export type TypeChangeOptions = {
  /** The expression of ALTER COLUMN … TYPE … USING. */
  readonly using: ParseNode | undefined;
  readonly column: string;
  /** For domains, enums and types of CREATE TYPE. */
  readonly facts?: TypeFacts;
};

/** From cheap to dear. */
const COSTS: readonly TypeChangeCost[] = ['same', 'catalog', 'rewrite-unless-utc', 'unknown', 'rewrite'];

export function compareTypes(from: SqlType, to: SqlType, options: TypeChangeOptions): TypeChangeCost {
  const casts = castsOf(options.using, options.column);
  if (casts === null) return 'rewrite';
  let cost: TypeChangeCost = 'same';
  let type = from;
  for (const next of [...casts, to]) {
    cost = dearer(cost, costOfCast(normalize(type), normalize(next), options.facts));
    type = next;
  }
  return cost;
}

/**
 * Is an index on the column built anew although the table is not? Ask it of changes that cost `catalog`, or
 * nothing under UTC; a rewrite builds all of them. It speaks of a B-tree, hash or BRIN index whose key is the plain
 * column. Built anew in any case: an index with a WHERE or an expression that names the column, one whose
 * collation changes, and GIN over arrays.
 */
export function rebuildsIndexes(from: SqlType, to: SqlType, facts?: TypeFacts): boolean {
  return operatorClass(from, facts) !== operatorClass(to, facts);
}

/** The types that USING casts the column to, innermost first; null where it does more than that. */
function castsOf(using: ParseNode | undefined, column: string): SqlType[] | null {
  if (using === undefined) return [];
  if ('ColumnRef' in using) {
    const last = using.ColumnRef.fields?.at(-1);
    return last !== undefined && 'String' in last && last.String.sval === column ? [] : null;
  }
  // The collation of the expression is not the column's: that one stands with the new type.
  if ('CollateClause' in using && using.CollateClause.arg !== undefined)
    return castsOf(using.CollateClause.arg, column);
  if (!('TypeCast' in using)) return null;
  const { arg, typeName } = using.TypeCast;
  const inner = arg === undefined ? null : castsOf(arg, column);
  return inner === null || typeName === undefined ? null : [...inner, readTypeName(typeName)];
}

function costOfCast(from: SqlType, to: SqlType, facts: TypeFacts | undefined): TypeChangeCost {
  if (isArray(from) === isArray(to) && keyOfName(from) === keyOfName(to)) return costOfModifiers(from, to);
  const source = knowType(from, facts);
  const target = knowType(to, facts);
  if (target.kind === 'domain') {
    if (target.constrained === true) return 'rewrite';
    const below = costOfCast(from, normalize(target.base), facts);
    return dearer(target.constrained === 'unknown' ? 'unknown' : 'catalog', below);
  }
  if (source.kind === 'domain') {
    // The length that a domain has is not seen through it.
    const base = { ...normalize(source.base), modifiers: [] };
    return dearer('catalog', costOfCast(base, to, facts));
  }
  if (source.kind === 'unknown' || target.kind === 'unknown') return 'unknown';
  // Arrays are cast element by element, even where the element's cast is free.
  if (isArray(from) || isArray(to)) return 'rewrite';

  // A length is given to what the cast yields, and that has none: no length is seen to be wide enough already.
  const free = to.modifiers.length === 0 || (PRECISE.has(to.name) && to.modifiers[0] === MAX_PRECISION);
  if (!free) return 'rewrite';
  if (ZONED.has(from.name) && ZONED.has(to.name)) return 'rewrite-unless-utc';
  return FREE_CASTS.get(from.name)?.includes(to.name) ? 'catalog' : 'rewrite';
}

const ZONED: ReadonlySet<string> = new Set(['timestamp', 'timestamptz']);

/** Those that have casts to and from oid and int4 alone, and those that have one more. */
const PLAIN_IDS = [
  'regclass',
  'regtype',
  'regrole',
  'regnamespace',
  'regconfig',
  'regdictionary',
  'regcollation',
];
const OBJECT_IDS = [...PLAIN_IDS, 'regproc', 'regprocedure', 'regoper', 'regoperator'];

/** Casts between types that leave the bytes alone: pg_cast's binary ones, those for the server's own use left out. */
const FREE_CASTS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    text: ['varchar', 'bpchar', 'citext'],
    varchar: ['text', 'bpchar', 'citext'],
    citext: ['text', 'varchar', 'bpchar'],
    xml: ['text', 'varchar', 'bpchar'],
    cidr: ['inet'],
    bit: ['varbit'],
    varbit: ['bit'],
    int4: ['oid', ...OBJECT_IDS],
    oid: ['int4', ...OBJECT_IDS],
    regproc: ['int4', 'oid', 'regprocedure'],
    regprocedure: ['int4', 'oid', 'regproc'],
    regoper: ['int4', 'oid', 'regoperator'],
    regoperator: ['int4', 'oid', 'regoper'],
    ...Object.fromEntries(PLAIN_IDS.map((name) => [name, ['int4', 'oid']])),
  }),
);

/** One type, another length or precision. */
function costOfModifiers(from: SqlType, to: SqlType): TypeChangeCost {
  // PostGIS writes words in there, which `SqlType` does not keep.
  if (from.name === 'geometry' || from.name === 'geography') return 'unknown';
  if (from.modifiers.join() === to.modifiers.join()) return 'same';
  if (to.modifiers.length === 0) return 'catalog';
  return !isArray(to) && isWidening(from, to) ? 'catalog' : 'rewrite';
}

/** Is every value of the old type one of the new, as PostgreSQL's planner sees it? `to` has modifiers. */
function isWidening({ name, modifiers: from }: SqlType, { modifiers: to }: SqlType): boolean {
  const [size = 0, scale = 0] = from;
  const [newSize = 0, newScale = 0] = to;
  switch (name) {
    case 'varchar':
    case 'varbit':
      return from.length > 0 && newSize >= size;
    case 'numeric':
      return from.length > 0 && newScale === scale && newSize >= size;
    case 'interval':
      return isIntervalWidening(from, to);
    default:
      if (!PRECISE.has(name)) return false;
      return newSize === MAX_PRECISION || (from.length > 0 && newSize >= size);
  }
}

/** Types whose modifier is a number of digits, which PostgreSQL can see to be enough. */
const PRECISE: ReadonlySet<string> = new Set(['timestamp', 'timestamptz', 'time', 'timetz']);
/** Fractional digits of a second; more are not kept. */
const MAX_PRECISION = 6;

const INTERVAL_FULL_RANGE = 0x7fff;
const INTERVAL_FULL_PRECISION = 0xffff;
/** The bits that stand for fields in an interval's modifier, least field first. */
const INTERVAL_FIELDS = { second: 12, minute: 11, hour: 10, day: 3, month: 1, year: 2 };

/** The new least field must not be a larger one; digits of a second count only where there were seconds. */
function isIntervalWidening(from: readonly number[], to: readonly number[]): boolean {
  const [oldLeast, oldPrecision] = intervalOf(from);
  const [newLeast, newPrecision] = intervalOf(to);
  if (newLeast > oldLeast) return false;
  return oldLeast > 0 || newPrecision >= MAX_PRECISION || newPrecision >= oldPrecision;
}

function intervalOf([range = INTERVAL_FULL_RANGE, precision = INTERVAL_FULL_PRECISION]: readonly number[]): [
  leastField: number,
  precision: number,
] {
  return [Object.values(INTERVAL_FIELDS).findIndex((bit) => range & (1 << bit)), precision];
}

/** The default operator class of a type, by the type that it is named after. */
function operatorClass(declared: SqlType, facts: TypeFacts | undefined): string {
  const type = normalize(declared);
  const known = knowType(type, facts);
  const key = keyOfName(type);
  if (known.kind === 'domain') return isFamily(known.base, facts) ? key : operatorClass(known.base, facts);
  if (isArray(type)) return `${key}[]`;
  if (type.name === 'varchar') return keyOfName({ schema: null, name: 'text' });
  if (type.name === 'cidr') return keyOfName({ schema: null, name: 'inet' });
  return OBJECT_IDS.includes(type.name) ? keyOfName({ schema: null, name: 'oid' }) : key;
}

/** Types that share one operator class, where an index is bound to the very type that it was made for. */
function isFamily(type: SqlType, facts: TypeFacts | undefined): boolean {
  return isArray(type) || RANGES.has(type.name) || facts?.enum(type) != null;
}

const RANGES: ReadonlySet<string> = new Set(
  ['int4', 'int8', 'num', 'ts', 'tstz', 'date'].flatMap((name) => [`${name}range`, `${name}multirange`]),
);

/** One spelling for what PostgreSQL takes for one type. */
function normalize(type: SqlType): SqlType {
  const name = integerOfSerial(type) ?? type.name;
  const schema = isOfExtension(type) ? null : type.schema;
  return { ...type, schema, name, modifiers: normalizeModifiers(name, type.modifiers) };
}

function normalizeModifiers(name: string, modifiers: readonly number[]): readonly number[] {
  const [first] = modifiers;
  if (first === undefined) return modifiers;
  if (name === 'numeric') return [first, modifiers[1] ?? 0];
  if (name === 'interval') {
    const precision = modifiers.slice(1).map((digits) => Math.min(digits, MAX_PRECISION));
    return first === INTERVAL_FULL_RANGE && precision.length === 0 ? [] : [first, ...precision];
  }
  return PRECISE.has(name) ? [Math.min(first, MAX_PRECISION)] : modifiers;
}

function isArray({ dimensions }: SqlType): boolean {
  return dimensions > 0;
}

function dearer(one: TypeChangeCost, other: TypeChangeCost): TypeChangeCost {
  return COSTS.indexOf(one) >= COSTS.indexOf(other) ? one : other;
}
