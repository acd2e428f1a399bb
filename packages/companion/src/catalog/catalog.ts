/**
 * What is said of something. Definitions are PostgreSQL's own renderings, under an empty search path and fixed settings;
 * `yes` is said of what is so; an absent fact is not so, none, or the default.
 */
export type CatalogFacts = Readonly<Record<string, string>>;

export type CatalogKind =
  | 'schema'
  | 'extension'
  | 'enum'
  | 'domain'
  | 'composite type'
  | 'range type'
  | 'collation'
  | 'cast'
  | 'operator'
  | 'sequence'
  | 'table'
  | 'foreign table'
  | 'foreign server'
  | 'view'
  | 'materialized view'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'statistics'
  | 'text search configuration'
  | 'text search dictionary'
  | 'publication'
  | 'event trigger'
  | 'default privileges';

export type CatalogPartKind =
  | 'column'
  | 'constraint'
  | 'index'
  | 'trigger'
  | 'rule'
  | 'policy'
  /** What the grantee may do, where it is not what PostgreSQL grants by itself. */
  | 'privilege'
  /** A table or a schema of a publication. */
  | 'member';

/** A part of an entity: a column of a table, an index, a privilege on a function. */
export type CatalogPart = {
  readonly kind: CatalogPartKind;
  readonly name: string;
  readonly facts: CatalogFacts;
};

/** One thing that a database has. */
export type CatalogEntity = {
  readonly kind: CatalogKind;
  /** null for what lies in no schema. */
  readonly schema: string | null;
  /** Of a function with the types of its arguments: `area(integer, integer)`. */
  readonly name: string;
  readonly facts: CatalogFacts;
  /** In an order that means nothing but for columns, which stand as in the table. */
  readonly parts: readonly CatalogPart[];
};

/**
 * A database in canonical form: equal catalogs mean equal databases, whatever the order in which things were made. Not in
 * it: data, where a sequence stands, whether a materialised view is filled; owners, roles and tablespaces; settings of the
 * database and of roles; base types, operator classes and families, languages, transforms, access methods, foreign data
 * wrappers, text search parsers and templates, conversions; subscriptions and user mappings, which hold passwords; security
 * labels and large objects; statistics targets of index columns; CREATE for PUBLIC in `public` on PostgreSQL 14, where it
 * is the start; MAINTAIN beside all other privileges. Nor what is said of an identity column's sequence, its name and settings
 * aside: who inserts needs no privilege on it. Nor comments on extensions, which come with their versions, on NOT NULL
 * constraints, and on what a view does (`_RETURN`). Nor whether an inherited column is the child's own, too: a restored dump
 * attaches its partitions. Nor whether a foreign key is watched on a single partition of the table that it points to.
 */
export type Catalog = {
  /** As `server_version_num` has it: 140023, 180004. */
  readonly serverVersion: number;
  /** By kind, schema and name. */
  readonly entities: readonly CatalogEntity[];
};

/** What may ask a database: a session of ours, or PGlite behind the same function. Values come as text. */
export type CatalogSource = {
  /** The rows of the statement, or of the last of several. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
};
