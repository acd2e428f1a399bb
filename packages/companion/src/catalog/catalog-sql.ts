import { quoteLiteral } from '../sql/quote.ts';

/**
 * A query of the catalog: one row for each entity or part, in the columns of `ROW_COLUMNS`.
 * `part_kind` and `part_name` are null for the entity itself.
 */
export type CatalogQuery = string;

export const ROW_COLUMNS = ['kind', 'schema', 'name', 'part_kind', 'part_name', 'place', 'facts'] as const;

/** What is left out beside the system's own. */
export type CatalogScope = {
  /** Schemas with all that lies in them. */
  readonly schemas: readonly string[];
  /** Tables: the ledger's, where its schema holds others. */
  readonly tables: readonly { readonly schema: string; readonly name: string }[];
};

/** A condition on the namespace `n`: it is the user's. */
export function isUserSchema({ schemas }: CatalogScope): string {
  const excluded = ['pg_catalog', 'information_schema', 'pg_toast', ...schemas].map(quoteLiteral);
  return `n.nspname NOT IN (${excluded.join(', ')}) AND n.nspname !~ '^pg_(toast_)?temp_'`;
}

/** A condition on the relation `alias` in the namespace `n`: it is none of the tables left out, nor part of one. */
export function isUserTable({ tables }: CatalogScope, alias: string): string {
  const excluded = tables.map(({ schema, name }) => `(${quoteLiteral(schema)}, ${quoteLiteral(name)})`);
  return excluded.length === 0
    ? 'true'
    : `(n.nspname, ${alias}.relname::text) NOT IN (${excluded.join(', ')})`;
}

/** What an extension brought in is the extension's, and differs with its version. */
export function isNotOfExtension(catalog: string, alias: string): string {
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
    AND e.objid = ${alias}.oid AND e.deptype = 'e')`;
}

/** One row; `facts` are pairs of a name and an SQL expression, null for what need not be told. */
export function row({
  kind,
  schema = 'NULL',
  name,
  part,
  place = '0',
  facts,
  from,
}: {
  readonly kind: string;
  readonly schema?: string;
  readonly name: string;
  readonly part?: { readonly kind: string; readonly name: string };
  /** Where the order of the parts is part of what the entity is. */
  readonly place?: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly from: string;
}): CatalogQuery {
  const pairs = Object.entries(facts).map(([fact, expression]) => `${quoteLiteral(fact)}, ${expression}`);
  const columns = [
    kind,
    schema,
    name,
    part === undefined ? 'NULL' : quoteLiteral(part.kind),
    part?.name ?? 'NULL',
    place,
    `pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(${pairs.join(', ')}))`,
  ].map((expression, at) => `(${expression})::pg_catalog.text AS ${ROW_COLUMNS[at]}`);
  return `SELECT ${columns.join(', ')}\nFROM ${from}`;
}

/** `true`, or null for false: what is not so need not be told. */
export function ifTrue(condition: string): string {
  return `nullif(${condition}, false)`;
}

/** The comment on an object, or on one of its columns. */
export function comment(catalog: string, oid: string, column = '0'): string {
  return `(SELECT d.description FROM pg_catalog.pg_description d WHERE d.objoid = ${oid}
    AND d.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objsubid = ${column})`;
}

/** Storage options, in the order of their names. */
export function options(column: string): string {
  return `(SELECT pg_catalog.string_agg(o, ', ' ORDER BY o) FROM pg_catalog.unnest(${column}) o)`;
}

/**
 * Privileges of everybody but the owner, one part for each grantee, with what PostgreSQL grants by itself. `type` as
 * `acldefault` has it.
 */
export function privileges(input: {
  readonly kind: string;
  readonly schema?: string;
  readonly name: string;
  readonly acl: string;
  readonly type: string;
  readonly owner: string;
  readonly from: string;
}): CatalogQuery {
  const { acl, type, owner, from, ...entity } = input;
  const grantee = `CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END`;
  const grants = `(SELECT x.grantee, pg_catalog.string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END,
      ', ' ORDER BY x.privilege_type) AS granted
    FROM pg_catalog.aclexplode(coalesce(${acl}, pg_catalog.acldefault(${type}, ${owner}))) x
    WHERE x.grantee <> ${owner} GROUP BY x.grantee) a`;
  return row({
    ...entity,
    part: { kind: 'privilege', name: grantee },
    facts: { granted: 'a.granted' },
    from: from.replace('/* grants */', `CROSS JOIN LATERAL ${grants}`),
  });
}
