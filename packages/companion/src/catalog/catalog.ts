/** What is said of something. Definitions are PostgreSQL's own renderings, under an empty search path. An absent fact is false, none, or the default. */
export type CatalogFacts = Readonly<Record<string, string | number | boolean>>;

export type CatalogKind =
  | 'schema'
  | 'extension'
  | 'enum'
  | 'domain'
  | 'composite type'
  | 'range type'
  | 'sequence'
  | 'table'
  | 'foreign table'
  | 'view'
  | 'materialized view'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'statistics'
  | 'publication'
  | 'event trigger';

export type CatalogPartKind = 'column' | 'constraint' | 'index' | 'trigger' | 'rule' | 'policy' | 'privilege';

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

/** A database in canonical form: equal catalogs mean equal databases, whatever the order in which things were made. */
export type Catalog = {
  /** As `server_version_num` has it: 140023, 180004. */
  readonly serverVersion: number;
  /** By kind, schema and name. */
  readonly entities: readonly CatalogEntity[];
};

/** What may ask a database: a session of ours, or PGlite behind the same function. Values come as text. */
export type CatalogSource = {
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
};
