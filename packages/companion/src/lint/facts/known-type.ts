import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { readTypeName, type SqlType } from './sql-type.ts';

/** What is known of a type by its name. */
export type KnownType =
  /** Not a domain: built in, of a well-known extension, or made by CREATE TYPE. */
  { readonly kind: 'plain' } | DomainType | { readonly kind: 'unknown' };

export type DomainType = {
  readonly kind: 'domain';
  /** What it is made of in the end: no domain, unless that one is not known. */
  readonly base: SqlType;
  /** Has it, or a domain below it, a CHECK or NOT NULL? */
  readonly constrained: boolean | 'unknown';
  /** Its own default, or that of the domain below it. */
  readonly default: ParseNode | undefined;
};

/** The part of the facts that tells of types. */
export type TypeFacts = Pick<SchemaFacts, 'enum' | 'object'>;

const UNKNOWN = { kind: 'unknown' } as const;
const PLAIN = { kind: 'plain' } as const;

/** Without facts, only the types that PostgreSQL and well-known extensions bring are known. */
export function knowType(type: SqlType, facts?: TypeFacts): KnownType {
  // An array is no domain, whatever its elements are.
  if (type.dimensions > 0 || isBuiltIn(type) || isOfExtension(type)) return PLAIN;
  if (facts === undefined) return UNKNOWN;
  if (facts.enum(type) !== null || facts.object('type', type) !== null) return PLAIN;
  const made = facts.object('domain', type)?.born?.node;
  return made !== undefined && 'CreateDomainStmt' in made
    ? readDomain(made.CreateDomainStmt, facts)
    : UNKNOWN;
}

function readDomain({ typeName, constraints = [] }: NodeOf<'CreateDomainStmt'>, facts: TypeFacts): KnownType {
  if (typeName === undefined) return UNKNOWN;
  const base = readTypeName(typeName);
  const below = knowType(base, facts);
  const own = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const constrained = own.some(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL');
  const inherited =
    below.kind === 'domain' ? below.constrained : below.kind === 'unknown' ? 'unknown' : false;
  return {
    kind: 'domain',
    base: below.kind === 'domain' ? below.base : base,
    constrained: constrained || inherited,
    default:
      own.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr ??
      (below.kind === 'domain' ? below.default : undefined),
  };
}

/** Is it a type of pg_catalog that a column can have? */
export function isBuiltIn({ schema, name }: SqlType): boolean {
  return schema === null && BUILT_IN_TYPES.has(name);
}

/** Is it a type that a well-known extension brings? Where the extension was put is the user's choice. */
export function isOfExtension({ name }: SqlType): boolean {
  return EXTENSION_TYPES.has(name);
}

/** Those that a column can have, with the names that serial columns are declared by. */
const BUILT_IN_TYPES: ReadonlySet<string> = new Set(
  `bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 inet
  int2 int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath
  line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn
  pg_snapshot point polygon refcursor regclass regcollation regconfig regdictionary regnamespace regoper
  regoperator regproc regprocedure regrole regtype text tid time timestamp timestamptz timetz
  tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid varbit varchar
  xid xid8 xml
  serial serial2 serial4 serial8 smallserial bigserial`.split(/\s+/),
);

/** None of these is a domain, and none but citext has a cast that leaves the bytes alone. */
const EXTENSION_TYPES: ReadonlySet<string> = new Set(
  'citext cube geography geometry halfvec hstore ltree sparsevec vector'.split(' '),
);
