import { parseTolerantly } from '../../sql/parse-tolerantly.ts';
import type { NodeOf, ParseNode, SqlParser } from '../../sql/parser.ts';
import { namesOf } from './alter-commands.ts';
import { readArrayLiteral } from './array-literal.ts';
import { type ColumnScope, columnScope, type ScopeType } from './column-scope.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { readTypeName, type SqlType } from './sql-type.ts';

/** A string constant, with the type that PostgreSQL reads it as. */
export type TypedConstant = {
  /** Of an array literal, one of its elements. */
  readonly value: string;
  /** `unknown`: that of a column of which the facts do not tell. */
  readonly type: SqlType | 'unknown';
  /** The column that gives it its type, as it is written. */
  readonly column: string | null;
  /** True where it is read as that type only when the expression runs: `'x'::text::mood`, a CASE that is cast. */
  readonly late: boolean;
  readonly location: number | undefined;
};

type Constants = Generator<TypedConstant>;
type Context = { readonly scope: ColumnScope; readonly facts: SchemaFacts; readonly parser: SqlParser };
type Expected = Pick<TypedConstant, 'type' | 'column' | 'late'> | null;

/** The string constants of a statement that PostgreSQL reads as a value of some type; those of no known place are left out. */
export function typedConstants(
  node: ParseNode,
  facts: SchemaFacts,
  parser: SqlParser,
): readonly TypedConstant[] {
  return [...visit(node, null, { scope: columnScope(node, facts), facts, parser })];
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const ARRAY_OPERATORS: ReadonlySet<string> = new Set([...COMPARISONS, '@>', '<@', '&&', '||']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'name']);
/** Bounds of a partition: of the type of a key that the facts do not tell of. */
const BOUNDS: ReadonlySet<string> = new Set(['partbound', 'bound']);
const ANYTHING: Expected = { type: 'unknown', column: null, late: false };

function* visit(node: ParseNode | undefined, expected: Expected, at: Context): Constants {
  if (node === undefined) return;
  if ('A_Const' in node) yield* constant(node.A_Const, expected);
  else if ('TypeCast' in node) yield* cast(node.TypeCast, expected, at);
  else if ('A_Expr' in node) yield* operator(node.A_Expr, at);
  else if ('CaseExpr' in node) yield* caseOf(node.CaseExpr, expected, at);
  else if ('CoalesceExpr' in node) yield* alike(node.CoalesceExpr.args ?? [], expected, at);
  else if ('MinMaxExpr' in node) yield* alike(node.MinMaxExpr.args ?? [], expected, at);
  else if ('A_ArrayExpr' in node) yield* all(node.A_ArrayExpr.elements, elementOf(expected), at);
  else if ('List' in node) yield* all(node.List.items, expected, at);
  else if ('InsertStmt' in node) yield* insert(node.InsertStmt, at);
  else if ('UpdateStmt' in node) yield* update(node.UpdateStmt, at);
  else if ('MergeStmt' in node) yield* merge(node.MergeStmt, at);
  else if ('ColumnDef' in node) yield* columnDefinition(node.ColumnDef, at);
  else if ('AlterTableStmt' in node) yield* alterTable(node.AlterTableStmt, at);
  else if ('FunctionParameter' in node) yield* parameter(node.FunctionParameter, at);
  else if ('CreateFunctionStmt' in node) yield* sqlFunction(node.CreateFunctionStmt, at);
  else yield* below(Object.values(node)[0], null, at);
}

/** What stands inside a node, whatever its form. */
function* below(tree: unknown, expected: Expected, at: Context): Constants {
  if (Array.isArray(tree)) for (const item of tree) yield* below(item, expected, at);
  else if (typeof tree === 'object' && tree !== null) {
    const [key, ...more] = Object.keys(tree);
    // A node is an object with one key, which begins with a capital.
    if (key !== undefined && more.length === 0 && /^[A-Z]/.test(key))
      yield* visit(tree as ParseNode, expected, at);
    else {
      for (const [name, value] of Object.entries(tree))
        yield* below(value, BOUNDS.has(name) ? ANYTHING : expected, at);
    }
  }
}

function* all(nodes: readonly ParseNode[] | undefined, expected: Expected, at: Context): Constants {
  for (const node of nodes ?? []) yield* visit(node, expected, at);
}

function* constant({ sval, location }: NodeOf<'A_Const'>, expected: Expected): Constants {
  if (sval === undefined || expected === null) return;
  const text = sval.sval ?? '';
  const { type } = expected;
  const isArray = type !== 'unknown' && type.dimensions > 0;
  const isBraced = type === 'unknown' && text.startsWith('{');
  const values = isArray || isBraced ? readArrayLiteral(text) : [text];
  const element = isArray ? { ...type, dimensions: 0 } : type;
  for (const value of values) yield { ...expected, type: element, value, location };
}

function* cast({ arg, typeName }: NodeOf<'TypeCast'>, expected: Expected, at: Context): Constants {
  if (arg === undefined || typeName === undefined) return;
  const type = readTypeName(typeName);
  const viaText = TEXTS.has(type.name) && expected !== null && expected.type !== 'unknown';
  // 'x'::text::mood is read as mood, but only when it runs.
  if (viaText && 'A_Const' in arg) yield* visit(arg, { ...expected, late: true }, at);
  else yield* visit(arg, { type, column: null, late: !isLiteral(arg) }, at);
}

function* operator({ kind, name, lexpr, rexpr }: NodeOf<'A_Expr'>, at: Context): Constants {
  const [operator = ''] = namesOf(name).slice(-1);
  const left = typeOf(lexpr, at);
  const right = typeOf(rexpr, at);
  switch (kind) {
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      yield* visit(lexpr, elementOf(right), at);
      yield* visit(rexpr, arrayOf(left), at);
      return;
    case 'AEXPR_OP': {
      const isArray = [left, right].some(
        (side) => side !== null && side.type !== 'unknown' && side.type.dimensions > 0,
      );
      const compares = (isArray ? ARRAY_OPERATORS : COMPARISONS).has(operator);
      yield* visit(lexpr, compares ? right : null, at);
      yield* visit(rexpr, compares ? left : null, at);
      return;
    }
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      yield* visit(lexpr, null, at);
      yield* visit(rexpr, null, at);
      return;
    default:
      // IN, BETWEEN, IS DISTINCT FROM, NULLIF.
      yield* visit(lexpr, right, at);
      yield* visit(rexpr, left, at);
  }
}

function* caseOf(
  { arg, args = [], defresult }: NodeOf<'CaseExpr'>,
  expected: Expected,
  at: Context,
): Constants {
  const whens = args.flatMap((one) => ('CaseWhen' in one ? [one.CaseWhen] : []));
  const results = [...whens.map(({ result }) => result), defresult].flatMap((one) => one ?? []);
  const tested = typeOf(arg, at);
  yield* visit(arg, null, at);
  for (const { expr } of whens) yield* visit(expr, tested, at);
  yield* alike(results, expected, at);
}

/** Of alternatives one type decides for all; where none has one, the surroundings do, when it runs. */
function* alike(nodes: readonly ParseNode[], expected: Expected, at: Context): Constants {
  const [first] = nodes.flatMap((node) => typeOf(node, at) ?? []);
  const outer = expected === null ? null : { ...expected, late: true };
  const isText = first !== undefined && first.type !== 'unknown' && TEXTS.has(first.type.name);
  yield* all(nodes, isText ? outer : (first ?? outer), at);
}

function* insert({ relation, cols = [], selectStmt, ...rest }: NodeOf<'InsertStmt'>, at: Context): Constants {
  if (relation !== undefined) {
    const target = nameOfRelation(relation);
    const table = at.facts.table(target);
    const named = cols.flatMap((col) => ('ResTarget' in col ? [col.ResTarget.name ?? ''] : []));
    const columns = cols.length > 0 ? named : table?.complete ? [...table.columns.keys()] : null;
    const expected = (place: number): Expected =>
      columns === null ? null : column(target, columns[place], at);
    if (selectStmt !== undefined && 'SelectStmt' in selectStmt)
      yield* rows(selectStmt.SelectStmt, expected, at);
    const { targetList = [], ...conflict } = rest.onConflictClause ?? {};
    yield* assignments(target, targetList, at);
    yield* below(conflict, null, at);
  }
  yield* below([rest.returningClause, rest.withClause], null, at);
}

function* rows(select: NodeOf<'SelectStmt'>, expected: (place: number) => Expected, at: Context): Constants {
  const { valuesLists = [], targetList = [], larg, rarg, ...rest } = select;
  for (const row of valuesLists) {
    const items = 'List' in row ? (row.List.items ?? []) : [];
    for (const [place, item] of items.entries()) yield* visit(item, expected(place), at);
  }
  for (const [place, target] of targetList.entries()) {
    if ('ResTarget' in target) yield* visit(target.ResTarget.val, expected(place), at);
  }
  for (const side of [larg, rarg]) if (side !== undefined) yield* rows(side, expected, at);
  yield* below(rest, null, at);
}

function* update({ relation, targetList = [], ...rest }: NodeOf<'UpdateStmt'>, at: Context): Constants {
  if (relation !== undefined) yield* assignments(nameOfRelation(relation), targetList, at);
  yield* below(rest, null, at);
}

function* merge({ relation, mergeWhenClauses = [], ...rest }: NodeOf<'MergeStmt'>, at: Context): Constants {
  for (const clause of mergeWhenClauses) {
    if (!('MergeWhenClause' in clause) || relation === undefined) continue;
    const { targetList = [], values = [], condition } = clause.MergeWhenClause;
    const target = nameOfRelation(relation);
    const names = targetList.flatMap((one) => ('ResTarget' in one ? [one.ResTarget.name] : []));
    for (const [place, value] of values.entries()) yield* visit(value, column(target, names[place], at), at);
    yield* assignments(target, targetList, at);
    yield* visit(condition, null, at);
  }
  yield* below(rest, null, at);
}

function* assignments(relation: QualifiedName, targets: readonly ParseNode[], at: Context): Constants {
  for (const target of targets) {
    if (!('ResTarget' in target)) continue;
    yield* visit(target.ResTarget.val, column(relation, target.ResTarget.name, at), at);
  }
}

function* columnDefinition(
  { typeName, constraints = [], raw_default }: NodeOf<'ColumnDef'>,
  at: Context,
): Constants {
  const expected =
    typeName === undefined ? null : { type: readTypeName(typeName), column: null, late: false };
  yield* visit(raw_default, expected, at);
  for (const node of constraints) {
    if (!('Constraint' in node)) continue;
    const { contype, raw_expr } = node.Constraint;
    const isValue = contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED';
    yield* visit(raw_expr, isValue ? expected : null, at);
  }
}

function* alterTable({ relation, cmds = [] }: NodeOf<'AlterTableStmt'>, at: Context): Constants {
  for (const cmd of cmds) {
    if (!('AlterTableCmd' in cmd) || relation === undefined) continue;
    const { subtype, name, def } = cmd.AlterTableCmd;
    const isValue = subtype === 'AT_ColumnDefault' || subtype === 'AT_SetExpression';
    yield* visit(def, isValue ? column(nameOfRelation(relation), name, at) : null, at);
  }
}

function* parameter({ argType, defexpr }: NodeOf<'FunctionParameter'>, at: Context): Constants {
  if (argType !== undefined)
    yield* visit(defexpr, { type: readTypeName(argType), column: null, late: false }, at);
}

/** The body of an SQL function is read as it is made; a PL/pgSQL body is not. */
function* sqlFunction(
  { parameters, options = [], sql_body }: NodeOf<'CreateFunctionStmt'>,
  at: Context,
): Constants {
  yield* all(parameters, null, at);
  yield* visit(sql_body, null, at);
  const elements = options.flatMap((option) => ('DefElem' in option ? [option.DefElem] : []));
  const language = elements.find(({ defname }) => defname === 'language')?.arg;
  const body = elements.find(({ defname }) => defname === 'as')?.arg;
  if (language === undefined || !('String' in language) || language.String.sval?.toLowerCase() !== 'sql')
    return;
  const [text] = body !== undefined && 'List' in body ? namesOf(body.List.items) : [];
  for (const node of parseTolerantly(text ?? '', at.parser)) {
    for (const inner of typedConstants(node, at.facts, at.parser)) yield { ...inner, location: undefined };
  }
}

function column(relation: QualifiedName, name: string | undefined, at: Context): Expected {
  return name === undefined ? null : expectedOf(at.scope.typeOfColumn(relation, name), name);
}

/** The type that the expression has by itself; null where it has none, or none that is known. */
function typeOf(node: ParseNode | undefined, at: Context): Expected {
  if (node === undefined) return null;
  if ('ColumnRef' in node) {
    const name = namesOf(node.ColumnRef.fields).join('.');
    return expectedOf(at.scope.typeOf(node.ColumnRef), name);
  }
  if ('TypeCast' in node && node.TypeCast.typeName !== undefined)
    return { type: readTypeName(node.TypeCast.typeName), column: null, late: false };
  if ('CoalesceExpr' in node) return firstType(node.CoalesceExpr.args, at);
  if ('List' in node) return firstType(node.List.items, at);
  if ('A_ArrayExpr' in node) return arrayOf(firstType(node.A_ArrayExpr.elements, at));
  return null;
}

function firstType(nodes: readonly ParseNode[] | undefined, at: Context): Expected {
  return (nodes ?? []).flatMap((node) => typeOf(node, at) ?? [])[0] ?? null;
}

function expectedOf(type: ScopeType, column: string): Expected {
  return type === null ? null : { type, column, late: false };
}

function elementOf(expected: Expected): Expected {
  if (expected === null || expected.type === 'unknown') return expected;
  return { ...expected, type: { ...expected.type, dimensions: Math.max(0, expected.type.dimensions - 1) } };
}

function arrayOf(expected: Expected): Expected {
  if (expected === null || expected.type === 'unknown') return expected;
  return { ...expected, type: { ...expected.type, dimensions: expected.type.dimensions + 1 } };
}

/** Read as it stands, with the statement: a constant, or an array of them. */
function isLiteral(node: ParseNode): boolean {
  if ('A_ArrayExpr' in node) return (node.A_ArrayExpr.elements ?? []).every(isLiteral);
  return 'A_Const' in node;
}
