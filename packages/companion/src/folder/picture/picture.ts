export type EntityKind = 'schema' | 'enum' | 'sequence' | 'role' | 'table' | 'policy' | 'view' | 'privilege';

export type PartKind =
  | 'column'
  | 'index'
  | 'primary key'
  | 'foreign key'
  | 'unique constraint'
  | 'check'
  | 'policy';

/** What is said of something, by the words it is said in. null: not said. */
export type Facts = Readonly<Record<string, string | boolean | null>>;

export type Part = { readonly kind: PartKind; readonly name: string; readonly facts: Facts };

/** One thing that a schema has, in a form that both snapshot formats share. */
export type Entity = {
  readonly kind: EntityKind;
  /** null for what lies in no schema. */
  readonly schema: string | null;
  readonly name: string;
  readonly facts: Facts;
  /** What a table is made of. */
  readonly parts: readonly Part[];
  /** The values of an enum, in order. */
  readonly values: readonly string[];
};

/** Everything a snapshot says, in no order that means anything. */
export type Picture = readonly Entity[];

type EntityInput = Pick<Entity, 'kind' | 'schema' | 'name'> & Partial<Entity>;

export function buildEntity(input: EntityInput): Entity {
  return { facts: {}, parts: [], values: [], ...input };
}
