import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import { constraintsOf } from './alter-commands.ts';
import { knowType, type TypeFacts } from './known-type.ts';
import { nameOfParts, type QualifiedName } from './names.ts';
import { integerOfSerial } from './serial-types.ts';
import { readTypeName } from './sql-type.ts';

/** Where PostgreSQL itself would have to be asked: user-defined functions, and built-in ones that nobody listed. */
export type Verdict = boolean | 'unknown';

/**
 * Would the expression of a DEFAULT have another value for each row, so that ADD COLUMN has to write them all?
 * Judged by the functions' names, as PostgreSQL judges by their declarations: `now()` is one value for all. With
 * facts, a function that a migration makes is judged by its declaration, too.
 */
export function isVolatile(expression: ParseNode, facts?: TypeFacts): Verdict {
  if ('FuncCall' in expression) return isVolatileCall(expression.FuncCall, facts);
  if ('TypeCast' in expression) return isVolatileCast(expression.TypeCast, facts);
  const operands = operandsOf(expression);
  return operands === null ? 'unknown' : anyOf(operands, facts);
}

/** Does ADD COLUMN with this definition write the whole table anew, under ACCESS EXCLUSIVE? */
export function needsRewriteToAdd(column: NodeOf<'ColumnDef'>, facts?: TypeFacts): Verdict {
  const constraints = constraintsOf(column);
  const find = (contype: string) => constraints.find((constraint) => constraint.contype === contype);
  const generated = find('CONSTR_GENERATED');
  if (find('CONSTR_IDENTITY') !== undefined) return true;
  if (generated !== undefined && generated.generated_kind !== 'v') return true;

  const type = column.typeName === undefined ? null : readTypeName(column.typeName);
  if (type !== null && integerOfSerial(type) !== null) return true;
  const known = type === null ? ({ kind: 'unknown' } as const) : knowType(type, facts);
  const own = find('CONSTR_DEFAULT')?.raw_expr;
  const value = own ?? (known.kind === 'domain' ? known.default : undefined);
  return worse(
    value === undefined ? false : isVolatile(value, facts),
    known.kind === 'domain' ? known.constrained : known.kind === 'unknown' ? 'unknown' : false,
  );
}

function isVolatileCall({ funcname, args = [] }: NodeOf<'FuncCall'>, facts: TypeFacts | undefined): Verdict {
  const { schema, name } = nameOfParts(funcname);
  const builtIn = schema === null || schema === 'pg_catalog';
  if (VOLATILE_OF_EXTENSIONS.has(name) || (builtIn && VOLATILE.has(name))) return true;
  // AT TIME ZONE: for `timetz`, and for nothing else, PostgreSQL 14 declares it volatile.
  const ofTimeWithZone = name === 'timezone' && args.some(isTimeWithZone);
  const known = builtIn && SETTLED.has(name) && !ofTimeWithZone;
  const own = known || SETTLED_OF_EXTENSIONS.has(name) ? false : declaredVolatility({ schema, name }, facts);
  return worse(anyOf(args, facts), own);
}

/** What CREATE FUNCTION says, where it was read: VOLATILE, unless it says otherwise. */
function declaredVolatility(name: QualifiedName, facts: TypeFacts | undefined): Verdict {
  const made = facts?.object('function', name)?.born?.node;
  if (made === undefined || !('CreateFunctionStmt' in made)) return 'unknown';
  const textOf = (option: string): string | undefined => {
    const found = (made.CreateFunctionStmt.options ?? []).find(
      (one) => 'DefElem' in one && one.DefElem.defname === option,
    );
    const arg = found !== undefined && 'DefElem' in found ? found.DefElem.arg : undefined;
    return arg !== undefined && 'String' in arg ? arg.String.sval : undefined;
  };
  const volatility = textOf('volatility');
  if (volatility !== undefined && volatility !== 'volatile') return false;
  // A function in SQL may be put in place of its call, and is then what its body is.
  return (textOf('language') ?? 'sql') === 'sql' ? 'unknown' : true;
}

function isTimeWithZone(node: ParseNode): boolean {
  if ('TypeCast' in node) {
    const { typeName } = node.TypeCast;
    return typeName !== undefined && readTypeName(typeName).name === 'timetz';
  }
  if (!('SQLValueFunction' in node)) return false;
  const { op } = node.SQLValueFunction;
  return op === 'SVFOP_CURRENT_TIME' || op === 'SVFOP_CURRENT_TIME_N';
}

function isVolatileCast({ arg, typeName }: NodeOf<'TypeCast'>, facts: TypeFacts | undefined): Verdict {
  if (arg === undefined || typeName === undefined) return 'unknown';
  // A literal becomes a value while the statement is read.
  if ('A_Const' in arg) return false;
  // Casts between built-in types are not volatile, those to others are whatever their author says.
  const known = knowType({ ...readTypeName(typeName), dimensions: 0 }).kind === 'plain';
  return worse(isVolatile(arg, facts), known ? false : 'unknown');
}

/** What the expression is made of, where nothing but that can be volatile; null for all that is not listed. */
function operandsOf(node: ParseNode): readonly (ParseNode | undefined)[] | null {
  if ('A_Const' in node || 'SQLValueFunction' in node) return [];
  // No operator of PostgreSQL's own is volatile.
  if ('A_Expr' in node) return [node.A_Expr.lexpr, node.A_Expr.rexpr];
  if ('BoolExpr' in node) return node.BoolExpr.args ?? [];
  if ('List' in node) return node.List.items ?? [];
  if ('CoalesceExpr' in node) return node.CoalesceExpr.args ?? [];
  if ('MinMaxExpr' in node) return node.MinMaxExpr.args ?? [];
  if ('A_ArrayExpr' in node) return node.A_ArrayExpr.elements ?? [];
  if ('RowExpr' in node) return node.RowExpr.args ?? [];
  if ('NullTest' in node) return [node.NullTest.arg];
  if ('BooleanTest' in node) return [node.BooleanTest.arg];
  if ('CollateClause' in node) return [node.CollateClause.arg];
  if ('NamedArgExpr' in node) return [node.NamedArgExpr.arg];
  if ('A_Indirection' in node) return [node.A_Indirection.arg, ...(node.A_Indirection.indirection ?? [])];
  if ('A_Indices' in node) return [node.A_Indices.lidx, node.A_Indices.uidx];
  if ('CaseExpr' in node) return [node.CaseExpr.arg, ...(node.CaseExpr.args ?? []), node.CaseExpr.defresult];
  if ('CaseWhen' in node) return [node.CaseWhen.expr, node.CaseWhen.result];
  return null;
}

function anyOf(nodes: readonly (ParseNode | undefined)[], facts: TypeFacts | undefined): Verdict {
  return nodes.reduce<Verdict>(
    (verdict, node) => (node === undefined ? verdict : worse(verdict, isVolatile(node, facts))),
    false,
  );
}

function worse(one: Verdict, other: Verdict): Verdict {
  if (one === true || other === true) return true;
  return one === 'unknown' || other === 'unknown' ? 'unknown' : false;
}

/** Volatile functions of pg_catalog that people write into a DEFAULT. */
const VOLATILE = words(`
  random random_normal gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday
  nextval currval lastval setval set_config current_query txid_status pg_xact_commit_timestamp`);

/** Of pgcrypto, uuid-ossp and pg_uuidv7, in whatever schema. */
const VOLATILE_OF_EXTENSIONS = words(`
  gen_random_uuid gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuid_generate_v7`);

const SETTLED_OF_EXTENSIONS = words('uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_url');

/** Functions of pg_catalog none of which is volatile, whatever its arguments: those that defaults are made of. */
const SETTLED = words(`
  now transaction_timestamp statement_timestamp timezone date_trunc date_part date_bin extract age
  make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours
  to_timestamp to_date to_char to_number
  current_database current_schema current_schemas current_setting pg_backend_pid version
  inet_client_addr inet_server_addr txid_current pg_current_xact_id pg_current_snapshot
  lower upper initcap concat concat_ws format length char_length octet_length substring substr left right
  btrim ltrim rtrim replace repeat lpad rpad reverse translate split_part position overlay strpos
  chr ascii md5 sha224 sha256 sha384 sha512 encode decode convert_from convert_to hashtext
  quote_literal quote_ident quote_nullable regexp_replace to_hex
  abs ceil ceiling floor round trunc mod power sqrt exp ln log sign div gcd lcm pi
  json_build_object json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb row_to_json
  json_object jsonb_object jsonb_set array_to_json
  array_fill array_append array_cat array_remove array_to_string string_to_array cardinality
  int4range int8range numrange tsrange tstzrange daterange to_tsvector to_tsquery
  num_nulls num_nonnulls point box circle`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
