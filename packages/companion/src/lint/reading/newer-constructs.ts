import type { NodeOf, ParseNode } from '../../sql/parser.ts';

/** What an older PostgreSQL does not know. */
export type NewerConstruct = {
  /** As one writes it. */
  readonly name: string;
  /** The first major version that knows it. */
  readonly since: number;
  /** SQLSTATE with which older ones refuse it: 42601 is the grammar's. */
  readonly refusal: '42601' | '42883' | '22023' | '0A000';
  /** What to write for older ones, to complete "…: write <instead>"; absent where there is nothing like it. */
  readonly instead?: string;
  /** The nodes of the parse tree that it can be. */
  readonly nodes: readonly NodeTest[];
};

/** `name` as parse trees have it: `IndexStmt`. `test` is given what stands under it. */
export type NodeTest = { readonly name: string; test(inside: unknown): boolean };

type Test<Name extends string> = (node: NodeOf<Name>) => boolean;

function of<Name extends string>(name: Name, test: Test<Name> = () => true): readonly NodeTest[] {
  return [{ name, test: (inside) => test(inside as NodeOf<Name>) }];
}

function anyOf(...tests: readonly (readonly NodeTest[])[]): readonly NodeTest[] {
  return tests.flat();
}

function hasOption(options: readonly ParseNode[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => 'DefElem' in option && option.DefElem.defname === name);
}

function relOptions({ def }: NodeOf<'AlterTableCmd'>): readonly ParseNode[] | undefined {
  return def !== undefined && 'List' in def ? def.List.items : undefined;
}

const SYNTAX: readonly NewerConstruct[] = [
  {
    name: 'NULLS NOT DISTINCT',
    since: 15,
    refusal: '42601',
    instead: 'a unique index, and a second one WHERE the column IS NULL',
    nodes: anyOf(
      of('IndexStmt', (node) => node.nulls_not_distinct === true),
      of('Constraint', (node) => node.nulls_not_distinct === true),
    ),
  },
  {
    name: 'MERGE',
    since: 15,
    refusal: '42601',
    instead: 'INSERT … ON CONFLICT DO UPDATE',
    nodes: of('MergeStmt'),
  },
  {
    name: 'security_invoker',
    since: 15,
    refusal: '22023',
    nodes: anyOf(
      of('ViewStmt', ({ options }) => hasOption(options, 'security_invoker')),
      of('AlterTableCmd', (node) => hasOption(relOptions(node), 'security_invoker')),
    ),
  },
  {
    name: 'SET ACCESS METHOD',
    since: 15,
    refusal: '42601',
    nodes: of('AlterTableCmd', ({ subtype }) => subtype === 'AT_SetAccessMethod'),
  },
  {
    name: 'ON DELETE SET NULL (column) or SET DEFAULT (column)',
    since: 15,
    refusal: '42601',
    nodes: of('Constraint', ({ fk_del_set_cols }) => fk_del_set_cols !== undefined),
  },
  {
    name: 'CREATE UNLOGGED SEQUENCE',
    since: 15,
    refusal: '0A000',
    nodes: of('CreateSeqStmt', ({ sequence }) => sequence?.relpersistence === 'u'),
  },
  {
    name: 'FOR TABLES IN SCHEMA',
    since: 15,
    refusal: '42601',
    nodes: of(
      'PublicationObjSpec',
      ({ pubobjtype }) =>
        pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA' ||
        pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA',
    ),
  },
  {
    name: 'a column list or a row filter of a publication',
    since: 15,
    refusal: '42601',
    nodes: of(
      'PublicationObjSpec',
      ({ pubtable }) => pubtable?.columns !== undefined || pubtable?.whereClause !== undefined,
    ),
  },
  {
    name: 'a subquery in FROM without an alias',
    since: 16,
    refusal: '42601',
    instead: 'an alias behind it',
    nodes: of('RangeSubselect', ({ alias }) => alias === undefined),
  },
  {
    name: 'CREATE STATISTICS without a name',
    since: 16,
    refusal: '42601',
    instead: 'a name',
    nodes: of('CreateStatsStmt', ({ defnames }) => defnames === undefined),
  },
  {
    name: 'STORAGE in a column definition',
    since: 16,
    refusal: '42601',
    instead: 'ALTER TABLE … ALTER COLUMN … SET STORAGE behind it',
    nodes: of('ColumnDef', ({ storage_name }) => storage_name !== undefined && storage_name !== ''),
  },
  {
    name: 'JSON_OBJECT with key: value, JSON_ARRAY of a query, IS JSON',
    since: 16,
    refusal: '42601',
    instead: 'json_build_object, json_agg and their like',
    nodes: anyOf(
      of('JsonObjectConstructor'),
      of('JsonObjectAgg'),
      of('JsonArrayQueryConstructor'),
      of('JsonIsPredicate'),
    ),
  },
  {
    name: 'JSON_ARRAY and JSON_ARRAYAGG',
    since: 16,
    refusal: '42883',
    instead: 'json_build_array and json_agg',
    nodes: anyOf(of('JsonArrayConstructor'), of('JsonArrayAgg')),
  },
  {
    name: 'JSON_EXISTS, JSON_QUERY, JSON_VALUE',
    since: 17,
    refusal: '42883',
    instead: 'jsonb_path_exists and jsonb_path_query',
    nodes: of('JsonFuncExpr'),
  },
  { name: 'JSON_TABLE', since: 17, refusal: '42601', nodes: of('JsonTable') },
  {
    name: 'MERGE … RETURNING',
    since: 17,
    refusal: '42601',
    nodes: of('MergeStmt', ({ returningClause }) => returningClause !== undefined),
  },
  {
    name: 'WHEN NOT MATCHED BY SOURCE',
    since: 17,
    refusal: '42601',
    nodes: of('MergeWhenClause', ({ matchKind }) => matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE'),
  },
  {
    name: 'ALTER COLUMN … SET EXPRESSION',
    since: 17,
    refusal: '42601',
    nodes: of('AlterTableCmd', ({ subtype }) => subtype === 'AT_SetExpression'),
  },
  {
    name: 'SET ACCESS METHOD DEFAULT',
    since: 17,
    refusal: '42601',
    instead: 'SET ACCESS METHOD with its name (15)',
    nodes: of('AlterTableCmd', ({ subtype, name }) => subtype === 'AT_SetAccessMethod' && !name),
  },
  {
    name: 'GRANT MAINTAIN',
    since: 17,
    refusal: '42601',
    nodes: of('AccessPriv', ({ priv_name }) => priv_name === 'maintain'),
  },
  {
    name: 'AT LOCAL',
    since: 17,
    refusal: '42601',
    instead: "AT TIME ZONE current_setting('TimeZone')",
    nodes: of(
      'FuncCall',
      ({ funcformat, funcname, args = [] }) =>
        funcformat === 'COERCE_SQL_SYNTAX' && lastName(funcname) === 'timezone' && args.length === 1,
    ),
  },
  {
    name: 'a key WITHOUT OVERLAPS',
    since: 18,
    refusal: '42601',
    instead: 'EXCLUDE USING gist, with the extension btree_gist',
    nodes: of('Constraint', ({ without_overlaps }) => without_overlaps === true),
  },
  {
    name: 'a foreign key with PERIOD',
    since: 18,
    refusal: '42601',
    nodes: of('Constraint', ({ fk_with_period, pk_with_period }) =>
      Boolean(fk_with_period || pk_with_period),
    ),
  },
  {
    name: 'a virtual generated column',
    since: 18,
    refusal: '42601',
    instead: 'GENERATED ALWAYS AS (…) STORED',
    nodes: of(
      'Constraint',
      ({ contype, generated_kind }) => contype === 'CONSTR_GENERATED' && generated_kind === 'v',
    ),
  },
  {
    name: 'NOT ENFORCED',
    since: 18,
    refusal: '42601',
    nodes: anyOf(
      of('Constraint', (node) => isUnenforced(node)),
      of('ATAlterConstraint', ({ alterEnforceability }) => alterEnforceability === true),
    ),
  },
  {
    name: 'NOT NULL as a constraint of the table',
    since: 18,
    refusal: '42601',
    instead: 'CHECK (column IS NOT NULL) NOT VALID, and SET NOT NULL once it is validated',
    nodes: of('Constraint', ({ contype, keys }) => contype === 'CONSTR_NOTNULL' && keys !== undefined),
  },
  {
    name: 'RETURNING WITH',
    since: 18,
    refusal: '42601',
    nodes: of('ReturningClause', ({ options }) => options !== undefined),
  },
];

/** Functions of PostgreSQL's own, by the version that brought them; names that nobody is likely to give one of theirs. */
const FUNCTIONS: Readonly<Record<number, readonly string[]>> = {
  15: ['regexp_count', 'regexp_instr', 'regexp_like', 'regexp_substr'],
  16: [
    'any_value',
    'array_sample',
    'array_shuffle',
    'random_normal',
    'pg_input_is_valid',
    'pg_input_error_info',
  ],
  17: ['uuid_extract_timestamp', 'uuid_extract_version', 'unicode_assigned'],
  18: ['uuidv4', 'uuidv7', 'casefold'],
};

const INSTEAD: Readonly<Record<string, string>> = {
  uuidv4: 'gen_random_uuid()',
  uuidv7: 'gen_random_uuid(), or make the value in the application',
  casefold: 'lower()',
};

/** In the order of the versions, within syntax and within functions. */
export const NEWER_CONSTRUCTS: readonly NewerConstruct[] = [
  ...SYNTAX,
  ...Object.entries(FUNCTIONS).flatMap(([since, names]) =>
    names.map((name) => {
      const instead = INSTEAD[name];
      return {
        name: `${name}()`,
        since: Number(since),
        refusal: '42883' as const,
        ...(instead === undefined ? {} : { instead }),
        nodes: isFunction(name),
      };
    }),
  ),
];

function isFunction(name: string): readonly NodeTest[] {
  return of('FuncCall', ({ funcname = [] }) => {
    const isOurs = funcname.length === 1 || firstName(funcname) === 'pg_catalog';
    return isOurs && lastName(funcname) === name;
  });
}

function firstName([first]: readonly ParseNode[]): string | undefined {
  return first !== undefined && 'String' in first ? first.String.sval : undefined;
}

function lastName(path: readonly ParseNode[] | undefined): string | undefined {
  return firstName((path ?? []).slice(-1));
}

/** A table's constraint says so by itself, a column's by an attribute behind it. */
function isUnenforced({ contype, is_enforced }: NodeOf<'Constraint'>): boolean {
  if (contype === 'CONSTR_ATTR_NOT_ENFORCED') return true;
  return (contype === 'CONSTR_CHECK' || contype === 'CONSTR_FOREIGN') && is_enforced !== true;
}
