import { quoteLiteral } from '../sql/quote.ts';

/** A query of the catalog: one row for each entity or part, as `CatalogRow` has it. */
export type CatalogQuery = {
  /** Without the first column, which tells the rows of one query from another's. */
  readonly sql: string;
  /** What the values of each row are called, in order. */
  readonly facts: readonly string[];
};

/** Part kind and name are null for the entity itself; `values` is an array of JSON, in the order of the query's facts. */
export type CatalogRow = readonly [
  query: string,
  kind: string,
  schema: string | null,
  name: string,
  partKind: string | null,
  partName: string | null,
  place: string,
  values: string,
];

/** What is left out beside the system's own. */
export type CatalogScope = {
  /** Schemas with all that lies in them. */
  readonly schemas: readonly string[];
  /** Tables: the ledger's, where its schema holds others. */
  readonly tables: readonly { readonly schema: string; readonly name: string }[];
};

const KIND = `CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
  WHEN 'c' THEN 'composite type' WHEN 'S' THEN 'sequence' ELSE 'table' END`;

/**
 * What the queries stand on: `user_schema` and `user_relation` hold what is the user's, found once; the latter
 * without the sequences of identity columns, which are the columns'.
 */
export function commonTables({ schemas, tables }: CatalogScope): string {
  const systems = ['pg_catalog', 'information_schema', 'pg_toast', ...schemas].map(quoteLiteral).join(', ');
  const excluded = tables
    .map(({ schema, name }) => `(${quoteLiteral(schema)}, ${quoteLiteral(name)})`)
    .join(', ');
  const isExcluded = (schema: string, name: string) =>
    excluded === '' ? 'false' : `(${schema}::text, ${name}::text) IN (${excluded})`;
  return `user_schema AS MATERIALIZED (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n
  WHERE n.nspname NOT IN (${systems}) AND n.nspname !~ '^pg_(toast_)?temp_'),
user_relation AS MATERIALIZED (
  SELECT c.*, n.nspname, ${KIND} AS kind FROM pg_catalog.pg_class c JOIN user_schema n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c', 'S') AND ${isNotOfExtension('pg_class', 'c')}
    AND NOT (c.relkind = 'c' AND ${isOfExtension('pg_type', 'c.reltype')})
    AND NOT (${isExcluded('n.nspname', 'c.relname')})
    AND NOT (c.relkind = 'S' AND EXISTS (
      SELECT FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_class oc ON oc.oid = o.refobjid JOIN pg_catalog.pg_namespace os ON os.oid = oc.relnamespace
      WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.refobjsubid > 0
        AND (o.deptype = 'i' OR o.deptype = 'a' AND ${isExcluded('os.nspname', 'oc.relname')}))))`;
}

/** What an extension brought in is the extension's, and differs with its version. A composite type is so by its type alone. */
export function isNotOfExtension(catalog: string, alias: string): string {
  return `NOT ${isOfExtension(catalog, `${alias}.oid`)}`;
}

function isOfExtension(catalog: string, oid: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
    AND e.objid = ${oid} AND e.deptype = 'e')`;
}

/** And what another object made as part of itself, as a range type makes functions and casts, is that object's. */
export function isItsOwn(catalog: string, alias: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
    AND e.objid = ${alias}.oid AND e.deptype IN ('e', 'i'))`;
}

/** What the row is about; SQL expressions, `part.kind` aside. */
export type RowSubject = {
  readonly kind: string;
  readonly schema?: string;
  readonly name: string;
  readonly part?: { readonly kind: string; readonly name: string };
};

/** One row; `facts` are pairs of a name and an SQL expression, null for what need not be told. */
export function row({
  kind,
  schema = 'NULL',
  name,
  part,
  place = '0',
  facts,
  from,
}: RowSubject & {
  /** Where the order of the parts is part of what the entity is. */
  readonly place?: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly from: string;
}): CatalogQuery {
  // Not an object of JSON: to build one costs PostgreSQL five times as much as all that is in it.
  const values = Object.values(facts).map((expression) => `(${expression})::pg_catalog.text`);
  const columns = [
    kind,
    schema,
    name,
    part === undefined ? 'NULL' : quoteLiteral(part.kind),
    part?.name ?? 'NULL',
    place,
    `array_to_json(ARRAY[${values.join(', ')}]::pg_catalog.text[])`,
  ].map((expression) => `(${expression})::pg_catalog.text`);
  return { sql: `${columns.join(', ')}\nFROM ${from}`, facts: Object.keys(facts) };
}

/** `yes`, or null: what is not so need not be told. */
export function ifTrue(condition: string): string {
  return `CASE WHEN ${condition} THEN 'yes' END`;
}

/** The texts in one, sorted by code points: a database's own collation is not another's. */
export function list(text: string, separator = ', '): string {
  return `string_agg(${text}, ${quoteLiteral(separator)} ORDER BY (${text}) COLLATE "C")`;
}

/** The comment on an object, or on one of its columns. */
export function comment(catalog: string, oid: string, column = '0'): string {
  return `(SELECT d.description FROM pg_catalog.pg_description d WHERE d.objoid = ${oid}
    AND d.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objsubid = ${column})`;
}

/** Storage options, in the order of their names. */
export function options(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN (SELECT ${list('o')} FROM unnest(${column}) o) END`;
}

/** When a trigger or a rule fires, where it is not always on the origin. */
export function enabled(column: string): string {
  return `CASE ${column} WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`;
}

/** A reference by its number, as text; null for none. `type` is the reg-type that knows the names. */
export function reference(column: string, type: string): string {
  return `nullif(${column}::pg_catalog.oid, 0)::pg_catalog.${type}::pg_catalog.text`;
}

/** The role, or PUBLIC. */
export function roleName(oid: string): string {
  return `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(${oid})::pg_catalog.text END`;
}
