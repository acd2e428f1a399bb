import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';

/** A batch of this size is over before anybody waits for it. */
const LARGEST_BATCH = 10_000;

export type Scope = {
  readonly statement: LintStatement;
  readonly facts: SchemaFacts;
  /** WITH queries by name: true for those whose rows the SQL itself counts. */
  readonly queries: ReadonlyMap<string, boolean>;
};

export function scopeOf(statement: LintStatement, facts: SchemaFacts): Scope {
  return { statement, facts, queries: new Map() };
}

/** The scope inside a statement with these WITH queries. */
export function withQueries(scope: Scope, withClause: NodeOf<'WithClause'> | undefined): Scope {
  const queries = new Map(scope.queries);
  for (const one of withClause?.ctes ?? []) {
    if (!('CommonTableExpr' in one)) continue;
    const { ctename = '', ctequery } = one.CommonTableExpr;
    const select = ctequery !== undefined && 'SelectStmt' in ctequery ? ctequery.SelectStmt : null;
    queries.set(ctename, select !== null && isBoundedSelect(select, { ...scope, queries }));
  }
  return { ...scope, queries };
}

/** Does the SQL itself say how many rows come out at most, and are they few: VALUES, LIMIT, a key? */
export function isBoundedSelect(select: NodeOf<'SelectStmt'>, outer: Scope): boolean {
  const scope = withQueries(outer, select.withClause);
  const { larg, rarg, fromClause = [], valuesLists, limitCount, whereClause } = select;
  if (larg !== undefined && rarg !== undefined)
    return isBoundedSelect(larg, scope) && isBoundedSelect(rarg, scope);
  // In a block a LIMIT may be that of a loop which goes on to the last row.
  if (valuesLists !== undefined || (!scope.statement.nested && isSmallLimit(limitCount))) return true;
  if (fromClause.every((item) => isBoundedItem(item, scope))) return true;
  const [only, ...others] = fromClause;
  return only !== undefined && 'RangeVar' in only && isKeyBound(only.RangeVar, whereClause, others, scope);
}

/** Does the condition leave only rows that it names by a key of the table? */
export function isKeyBound(
  relation: RangeVar,
  where: ParseNode | undefined,
  others: readonly ParseNode[],
  scope: Scope,
): boolean {
  if (where === undefined) return false;
  if (isFalse(where)) return true;
  const sources = new Set(
    others.filter((item) => isBoundedItem(item, scope)).flatMap((item) => aliasOf(item) ?? []),
  );
  const bound = boundColumns(where, { target: nameWithin(relation), sources, scope });
  return keysOf(nameOfRelation(relation), scope.facts).some((key) => key.every((one) => bound.has(one)));
}

/** By what name the rest of a statement calls a relation. */
export function nameWithin({ alias, relname }: RangeVar): string {
  return alias?.aliasname ?? relname ?? '';
}

/** What an item of FROM is called; null for a join. */
function aliasOf(item: ParseNode): string | null {
  if ('RangeVar' in item) return nameWithin(item.RangeVar);
  if ('RangeSubselect' in item) return item.RangeSubselect.alias?.aliasname ?? null;
  return 'RangeFunction' in item ? (item.RangeFunction.alias?.aliasname ?? null) : null;
}

function isBoundedItem(item: ParseNode, scope: Scope): boolean {
  if ('RangeSubselect' in item) {
    const { subquery } = item.RangeSubselect;
    return subquery !== undefined && 'SelectStmt' in subquery && isBoundedSelect(subquery.SelectStmt, scope);
  }
  if ('JoinExpr' in item) {
    const { larg, rarg } = item.JoinExpr;
    return [larg, rarg].every((side) => side !== undefined && isBoundedItem(side, scope));
  }
  if ('RangeFunction' in item) {
    const calls = (item.RangeFunction.functions ?? []).flatMap((one) =>
      'List' in one ? (one.List.items ?? []).slice(0, 1) : [],
    );
    return calls.every((call) => 'FuncCall' in call && (call.FuncCall.args ?? []).every(isWritten));
  }
  return 'RangeVar' in item && isBoundedRelation(item.RangeVar, scope);
}

/** A table that this migration makes, and fills, if at all, with rows that stand in the file. */
function isBoundedRelation(relation: RangeVar, { facts, statement, queries }: Scope): boolean {
  const known = relation.schemaname === undefined ? queries.get(relation.relname ?? '') : undefined;
  if (known !== undefined) return known;
  const name = nameOfRelation(relation);
  const table = facts.table(name);
  const { migration } = statement;
  if (table?.kind !== 'table' || table.born?.migration !== migration || !('CreateStmt' in table.born.node))
    return false;
  const key = keyOfName(name);
  return migration.statements.every(({ node }) => {
    if (!('InsertStmt' in node) || node.InsertStmt.relation === undefined) return true;
    const { relation: target, selectStmt } = node.InsertStmt;
    if (keyOfName(nameOfRelation(target)) !== key || selectStmt === undefined) return true;
    return 'SelectStmt' in selectStmt && selectStmt.SelectStmt.valuesLists !== undefined;
  });
}

type Condition = {
  readonly target: string;
  /** Other items of the statement's FROM whose rows the SQL counts. */
  readonly sources: ReadonlySet<string>;
  readonly scope: Scope;
};

/** The target's columns for which the condition names the values. */
function boundColumns(node: ParseNode, condition: Condition): ReadonlySet<string> {
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const sides = args.map((arg) => boundColumns(arg, condition));
    if (boolop === 'AND_EXPR') return new Set(sides.flatMap((side) => [...side]));
    if (boolop !== 'OR_EXPR') return new Set();
    return new Set([...(sides[0] ?? [])].filter((column) => sides.every((side) => side.has(column))));
  }
  if ('SubLink' in node) {
    const { subLinkType, testexpr, subselect, operName } = node.SubLink;
    if (subLinkType !== 'ANY_SUBLINK' || operName !== undefined || subselect === undefined) return new Set();
    const isBounded = 'SelectStmt' in subselect && isBoundedSelect(subselect.SelectStmt, condition.scope);
    return isBounded ? columnOfTarget(testexpr, condition) : new Set();
  }
  if (!('A_Expr' in node)) return new Set();
  const { kind, name = [], lexpr, rexpr } = node.A_Expr;
  const operator = name[0] !== undefined && 'String' in name[0] ? name[0].String.sval : '';
  if (operator !== '=' || rexpr === undefined || lexpr === undefined) return new Set();
  switch (kind) {
    case 'AEXPR_IN':
    case 'AEXPR_OP_ANY':
      return isWritten(rexpr) ? columnOfTarget(lexpr, condition) : new Set();
    case 'AEXPR_OP':
      return new Set([
        ...(isCounted(rexpr, condition) ? columnOfTarget(lexpr, condition) : []),
        ...(isCounted(lexpr, condition) ? columnOfTarget(rexpr, condition) : []),
      ]);
    default:
      return new Set();
  }
}

function columnOfTarget(node: ParseNode | undefined, { target }: Condition): ReadonlySet<string> {
  const [column, qualifier] = columnParts(node);
  const isTargets = column !== undefined && (qualifier === undefined || qualifier === target);
  return new Set(isTargets ? [column] : []);
}

/** One value, or one for each of rows that are counted. */
function isCounted(node: ParseNode, { sources }: Condition): boolean {
  const [, qualifier] = columnParts(node);
  return isWritten(node) || (qualifier !== undefined && sources.has(qualifier));
}

function columnParts(node: ParseNode | undefined): readonly [column?: string, qualifier?: string] {
  if (node === undefined || !('ColumnRef' in node)) return [];
  const names = (node.ColumnRef.fields ?? []).flatMap((field) =>
    'String' in field ? [field.String.sval ?? ''] : [],
  );
  const [column, qualifier] = names.toReversed();
  return column === undefined ? [] : qualifier === undefined ? [column] : [column, qualifier];
}

/** A value that depends on no row: constants, parameters, functions of them, scalar subqueries. */
function isWritten(node: ParseNode): boolean {
  if ('A_Const' in node || 'ParamRef' in node || 'SQLValueFunction' in node) return true;
  if ('SubLink' in node) return node.SubLink.subLinkType === 'EXPR_SUBLINK';
  if ('TypeCast' in node) return node.TypeCast.arg !== undefined && isWritten(node.TypeCast.arg);
  if ('FuncCall' in node) return (node.FuncCall.args ?? []).every(isWritten);
  if ('List' in node) return (node.List.items ?? []).every(isWritten);
  if ('A_ArrayExpr' in node) return (node.A_ArrayExpr.elements ?? []).every(isWritten);
  if ('A_Expr' in node) {
    const { lexpr, rexpr } = node.A_Expr;
    return [lexpr, rexpr].every((side) => side === undefined || isWritten(side));
  }
  return false;
}

/** The sets of columns of which no two rows have the same values. Where no key is known, `id` is taken to be one. */
function keysOf(name: QualifiedName, facts: SchemaFacts): readonly (readonly string[])[] {
  const constraints = [...(facts.table(name)?.constraints.values() ?? [])];
  const keys = constraints.filter(({ kind }) => kind === 'primary key' || kind === 'unique');
  const indexes = facts.indexesOf(name).filter(({ unique, partial }) => unique && !partial);
  const indexed = indexes.flatMap(({ columns }) => {
    const plain = columns.flatMap((column) => column ?? []);
    return plain.length === columns.length ? [plain] : [];
  });
  const hasPrimaryKey = constraints.some(({ kind }) => kind === 'primary key');
  return [...keys.map(({ columns }) => columns), ...indexed, ...(hasPrimaryKey ? [] : [['id']])].filter(
    (key) => key.length > 0,
  );
}

/** Unlike other constants, `false` is a node with nothing in it. */
function isFalse(node: ParseNode): boolean {
  return 'A_Const' in node && node.A_Const.boolval !== undefined && !node.A_Const.boolval.boolval;
}

function isSmallLimit(node: ParseNode | undefined): boolean {
  if (node === undefined || !('A_Const' in node) || node.A_Const.ival === undefined) return false;
  return (node.A_Const.ival.ival ?? 0) <= LARGEST_BATCH;
}
