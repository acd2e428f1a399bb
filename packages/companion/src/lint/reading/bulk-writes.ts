import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import { queryLocks } from '../facts/query-locks.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { isBoundedSelect, isKeyBound, type Scope, scopeOf, withQueries } from './bounded-rows.ts';
import { isInUse } from './in-use.ts';

/** Rows written by one query, as many as a table in use happens to have. */
export type BulkWrite = {
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  /** Where they are written. */
  readonly relation: QualifiedName;
  /** The table in use whose size decides: of an INSERT … SELECT, one that it reads. */
  readonly grows: QualifiedName;
  /** True where no condition and no LIMIT keeps any row out. */
  readonly whole: boolean;
  /** Null inside WITH. */
  readonly node: BulkNode | null;
};

type BulkNode = NodeOf<'InsertStmt'> | NodeOf<'UpdateStmt'> | NodeOf<'DeleteStmt'> | NodeOf<'MergeStmt'>;

/**
 * What the statement writes without bound. Not among it: VALUES, rows that are named by a key, a LIMIT up to a batch's
 * size, and all that touches only tables which this deployment makes.
 */
export function bulkWritesOf(statement: LintStatement, facts: SchemaFacts): readonly BulkWrite[] {
  return writesIn(statement.node, scopeOf(statement, facts), true);
}

function writesIn(node: ParseNode, scope: Scope, isTop: boolean): readonly BulkWrite[] {
  if ('UpdateStmt' in node) {
    const { relation, whereClause, fromClause = [], withClause } = node.UpdateStmt;
    const own = writeOf('UPDATE', relation, { whereClause, others: fromClause, withClause }, scope);
    return [...within(withClause, scope), ...own.map((one) => ({ ...one, node: top(node.UpdateStmt) }))];
  }
  if ('DeleteStmt' in node) {
    const { relation, whereClause, usingClause = [], withClause } = node.DeleteStmt;
    const own = writeOf('DELETE', relation, { whereClause, others: usingClause, withClause }, scope);
    return [...within(withClause, scope), ...own.map((one) => ({ ...one, node: top(node.DeleteStmt) }))];
  }
  if ('InsertStmt' in node) {
    const { withClause } = node.InsertStmt;
    const own = insertOf(node.InsertStmt, withQueries(scope, withClause));
    return [...within(withClause, scope), ...own.map((one) => ({ ...one, node: top(node.InsertStmt) }))];
  }
  if ('MergeStmt' in node) {
    const { withClause } = node.MergeStmt;
    const own = mergeOf(node.MergeStmt, withQueries(scope, withClause));
    return [...within(withClause, scope), ...own.map((one) => ({ ...one, node: top(node.MergeStmt) }))];
  }
  return 'SelectStmt' in node ? within(node.SelectStmt.withClause, scope) : [];

  function top(own: BulkNode): BulkNode | null {
    return isTop ? own : null;
  }
}

type Written = Omit<BulkWrite, 'node'>;

function within(withClause: NodeOf<'WithClause'> | undefined, scope: Scope): readonly BulkWrite[] {
  return (withClause?.ctes ?? []).flatMap((one) => {
    const query = 'CommonTableExpr' in one ? one.CommonTableExpr.ctequery : undefined;
    return query === undefined ? [] : writesIn(query, withQueries(scope, withClause), false);
  });
}

type Condition = {
  readonly whereClause: ParseNode | undefined;
  readonly others: readonly ParseNode[];
  readonly withClause: NodeOf<'WithClause'> | undefined;
};

function writeOf(
  verb: 'UPDATE' | 'DELETE',
  relation: RangeVar | undefined,
  { whereClause, others, withClause }: Condition,
  outer: Scope,
): readonly Written[] {
  if (relation === undefined) return [];
  const name = nameOfRelation(relation);
  const scope = withQueries(outer, withClause);
  if (!isInUse(name, scope.statement, scope.facts)) return [];
  if (isKeyBound(relation, whereClause, others, scope)) return [];
  return [{ verb, relation: name, grows: name, whole: whereClause === undefined }];
}

function insertOf({ relation, selectStmt }: NodeOf<'InsertStmt'>, scope: Scope): readonly Written[] {
  if (relation === undefined || selectStmt === undefined || !('SelectStmt' in selectStmt)) return [];
  const select = selectStmt.SelectStmt;
  if (isBoundedSelect(select, scope)) return [];
  const grows = tableRead(selectStmt, scope);
  if (grows === null) return [];
  const whole = select.whereClause === undefined && select.limitCount === undefined;
  return [{ verb: 'INSERT', relation: nameOfRelation(relation), grows, whole }];
}

function mergeOf({ relation, sourceRelation }: NodeOf<'MergeStmt'>, scope: Scope): readonly Written[] {
  if (relation === undefined || sourceRelation === undefined) return [];
  const name = nameOfRelation(relation);
  const source = { fromClause: [sourceRelation] };
  if (isBoundedSelect(source, scope)) return [];
  const inUse = isInUse(name, scope.statement, scope.facts);
  const grows = tableRead({ SelectStmt: source }, scope) ?? (inUse ? name : null);
  return grows === null ? [] : [{ verb: 'MERGE', relation: name, grows, whole: true }];
}

/** The first table in use among those that the query reads. */
function tableRead(query: ParseNode, { facts, statement, queries }: Scope): QualifiedName | null {
  const read = queryLocks(query, facts).map(({ relation }) => relation);
  const named = read.filter(({ schema, name }) => schema !== null || !queries.has(name));
  return named.find((name) => isInUse(name, statement, facts)) ?? null;
}
