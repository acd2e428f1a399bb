import type { ParseNode } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';
import { keyOfName, type QualifiedName } from './names.ts';
import type { SqlType } from './sql-type.ts';

/** The statement that made a thing; null for what was there before the first migration that was read. */
export type Birth = LintStatement | null;

export type ColumnFacts = {
  name: string;
  /** null where it is not known. */
  type: SqlType | null;
  notNull: boolean;
  hasDefault: boolean;
  /** What it defaults to, where that was read; a serial column's default is not written anywhere. */
  default: ParseNode | null;
  generated: boolean;
  /** What it is generated from, where that was read. */
  generatedFrom: ParseNode | null;
  identity: boolean;
  born: Birth;
};

export type ConstraintKind = 'check' | 'foreign key' | 'unique' | 'primary key' | 'exclusion' | 'not null';

export type ConstraintFacts = {
  name: string;
  kind: ConstraintKind;
  /** In order; for a CHECK empty. */
  columns: readonly string[];
  /** False after NOT VALID, until VALIDATE. */
  validated: boolean;
  /** The VALIDATE CONSTRAINT that proved it; null where it was proven as it was made, or is not. */
  validatedBy: Birth;
  /** Columns that cannot be null where it holds: those of CHECK (a IS NOT NULL AND …). */
  notNull: readonly string[];
  /** Of a CHECK, where it was read. */
  expression: ParseNode | null;
  /** Of a foreign key. */
  references: QualifiedName | null;
  born: Birth;
};

export type IndexFacts = {
  name: QualifiedName;
  table: QualifiedName;
  unique: boolean;
  /** Plain columns, in order; an expression is null. */
  columns: readonly (string | null)[];
  partial: boolean;
  /** What its keys and its WHERE compute, where that was read. */
  expressions: readonly ParseNode[];
  concurrently: boolean;
  born: Birth;
};

export type TableFacts = {
  name: QualifiedName;
  kind: 'table' | 'view' | 'materialized view' | 'foreign table';
  temporary: boolean;
  partitioned: boolean;
  partitionOf: QualifiedName | null;
  /** True when its columns are known: its CREATE TABLE was read, or a snapshot has it. */
  complete: boolean;
  columns: Map<string, ColumnFacts>;
  constraints: Map<string, ConstraintFacts>;
  /** Of a view, where it was read. */
  query: ParseNode | null;
  born: Birth;
};

export type EnumFacts = {
  name: QualifiedName;
  /** In order. `born` is the ADD VALUE, or the CREATE TYPE. */
  values: { value: string; born: Birth }[];
  born: Birth;
};

/** Things that have a name and a birth, and nothing else that rules ask for. */
export type ObjectKind =
  | 'schema'
  | 'sequence'
  | 'type'
  | 'domain'
  | 'function'
  | 'trigger'
  | 'policy'
  | 'extension';

export type ObjectFacts = {
  kind: ObjectKind;
  /** Of a trigger or a policy `table.name`, in the table's schema. */
  name: QualifiedName;
  /** The conditions of a policy, the WHEN of a trigger, where they were read. */
  expressions: readonly ParseNode[];
  born: Birth;
};

/** The schema as the migrations so far make it. Rules read; only `apply-statement` writes. */
export type SchemaFacts = {
  /** null for a table that nothing is known of: treat it as one that is there, and busy. */
  table(name: QualifiedName): TableFacts | null;
  tables(): Iterable<TableFacts>;
  index(name: QualifiedName): IndexFacts | null;
  indexesOf(table: QualifiedName): readonly IndexFacts[];
  enum(name: QualifiedName): EnumFacts | null;
  enums(): Iterable<EnumFacts>;
  object(kind: ObjectKind, name: QualifiedName): ObjectFacts | null;
  objects(): Iterable<ObjectFacts>;
  /** Was it made in the same deployment as `statement`, so that nobody uses it yet? False for null. */
  isNew(thing: { readonly born: Birth } | null, statement: LintStatement): boolean;
  /**
   * Is every row of the column known to have a value: NOT NULL, or a validated CHECK that says so? Constraints in
   * `without` prove nothing: the statement that asks drops them first.
   */
  isProvenNotNull(table: QualifiedName, column: string, without?: ReadonlySet<string>): boolean;
};

/** What `apply-statement` changes. Keys are those of `keyOfName`. */
export type SchemaState = {
  readonly tables: Map<string, TableFacts>;
  readonly indexes: Map<string, IndexFacts>;
  readonly enums: Map<string, EnumFacts>;
  readonly objects: Map<string, ObjectFacts>;
};

export function createSchemaState(): SchemaState {
  return { tables: new Map(), indexes: new Map(), enums: new Map(), objects: new Map() };
}

export function keyOfObject(kind: ObjectKind, name: QualifiedName): string {
  return `${kind} ${keyOfName(name)}`;
}

/** A view of the state that follows it as it changes. */
export function viewFacts(state: SchemaState): SchemaFacts {
  return {
    table: (name) => state.tables.get(keyOfName(name)) ?? null,
    tables: () => state.tables.values(),
    index: (name) => state.indexes.get(keyOfName(name)) ?? null,
    indexesOf: (table) =>
      [...state.indexes.values()].filter((index) => keyOfName(index.table) === keyOfName(table)),
    enum: (name) => state.enums.get(keyOfName(name)) ?? null,
    enums: () => state.enums.values(),
    object: (kind, name) => state.objects.get(keyOfObject(kind, name)) ?? null,
    objects: () => state.objects.values(),
    isNew: (thing, statement) => thing?.born?.migration.batch === statement.migration.batch,
    isProvenNotNull(name, column, without) {
      const table = state.tables.get(keyOfName(name));
      if (table === undefined) return false;
      if (table.columns.get(column)?.notNull) return true;
      return [...table.constraints.values()].some(
        (one) => one.validated && one.notNull.includes(column) && without?.has(one.name) !== true,
      );
    },
  };
}
