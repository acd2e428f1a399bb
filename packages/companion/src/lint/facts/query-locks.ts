import type { LockMode } from '../../kernel/lock-modes.ts';
import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import { nameOfRelation } from './names.ts';
import { lock, type RelationLock, reachOf } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

/** A relation that a query names, and the lock it takes for it. */
type Named = { readonly relation: RangeVar; readonly mode: LockMode };

/** Names of WITH queries, which hide tables of the same name. */
type Hidden = ReadonlySet<string>;

/**
 * The locks of a query that runs: what it writes, and what it reads anywhere inside. Partitions count, but not those
 * into which an INSERT happens to lead. What rows set off, foreign keys and triggers, is not told, nor are tables
 * behind functions.
 */
export function queryLocks(query: ParseNode | undefined, facts: SchemaFacts): readonly RelationLock[] {
  const inserted = query !== undefined && 'InsertStmt' in query ? query.InsertStmt.relation : undefined;
  const named = namedIn(query, new Set());
  const work = named.length === 1 && inserted !== undefined ? 'brief' : 'scan';
  return named.flatMap(({ relation, mode }) =>
    relation === inserted
      ? [lock(nameOfRelation(relation), mode, work)]
      : relationLocks({ relation, mode }, facts).map((one) => ({ ...one, work })),
  );
}

/** With its partitions; of a view also what it reads, down to the tables, in the same mode. */
export function relationLocks({ relation, mode }: Named, facts: SchemaFacts): readonly RelationLock[] {
  const view = facts.table(nameOfRelation(relation));
  const behind = view?.kind === 'view' && view.query !== null ? namedIn(view.query, new Set()) : [];
  return [
    ...reachOf(relation, facts).map((name) => lock(name, mode)),
    ...behind.flatMap((one) => relationLocks({ relation: one.relation, mode }, facts)),
  ];
}

/** The locks of queries that are read and kept, but do not run: those of a view, of a policy. */
export function storedQueryLocks(query: unknown): readonly RelationLock[] {
  return namedIn(query, new Set()).map(({ relation, mode }) => lock(nameOfRelation(relation), mode));
}

function namedIn(tree: unknown, hidden: Hidden): Named[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => namedIn(item, hidden));
  if (typeof tree !== 'object' || tree === null) return [];
  const { withClause, ...rest } = tree as { withClause?: NodeOf<'WithClause'> };
  const outer = withClause === undefined ? { hidden, named: [] } : namedInWith(withClause, hidden);
  return [
    ...outer.named,
    ...Object.entries(rest).flatMap(([key, value]) => namedUnder(key, value, outer.hidden)),
  ];
}

function namedUnder(key: string, value: unknown, hidden: Hidden): Named[] {
  switch (key) {
    case 'RangeVar':
      return isHidden(value as RangeVar, hidden)
        ? []
        : [{ relation: value as RangeVar, mode: 'AccessShare' }];
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt': {
      const { relation } = value as { relation?: RangeVar };
      const target: Named[] = relation === undefined ? [] : [{ relation, mode: 'RowExclusive' }];
      return [...target, ...namedIn(value, hidden)];
    }
    case 'SelectStmt':
      return [...namedIn(value, hidden), ...rowLocked(value as NodeOf<'SelectStmt'>, hidden)];
    case 'lockingClause':
      return [];
    default:
      return namedIn(value, hidden);
  }
}

/** Without RECURSIVE, a WITH query sees only those before it: its own name is still the table's. */
function namedInWith({ ctes = [], recursive }: NodeOf<'WithClause'>, hidden: Hidden) {
  const names = ctes.map((cte) => ('CommonTableExpr' in cte ? (cte.CommonTableExpr.ctename ?? '') : ''));
  const all = new Set([...hidden, ...names]);
  const named = ctes.flatMap((cte, index) =>
    namedIn(cte, recursive ? all : new Set([...hidden, ...names.slice(0, index)])),
  );
  return { hidden: all, named };
}

/** FOR UPDATE, FOR SHARE and their kin: on all of FROM, or on what OF names. */
function rowLocked(
  { lockingClause = [], fromClause = [], withClause }: NodeOf<'SelectStmt'>,
  hidden: Hidden,
): Named[] {
  const below = withClause === undefined ? hidden : namedInWith(withClause, hidden).hidden;
  return lockingClause.flatMap((clause) => {
    if (!('LockingClause' in clause)) return [];
    const { lockedRels = [] } = clause.LockingClause;
    const wanted = lockedRels.flatMap((node) => ('RangeVar' in node ? [node.RangeVar.relname] : []));
    return fromClause
      .flatMap((item) => lockable(item, lockedRels.length === 0 ? null : wanted))
      .filter((relation) => !isHidden(relation, below))
      .map((relation): Named => ({ relation, mode: 'RowShare' }));
  });
}

function lockable(item: ParseNode, wanted: readonly (string | undefined)[] | null): RangeVar[] {
  const isWanted = (name: string | undefined) => wanted === null || wanted.includes(name);
  if ('RangeVar' in item) {
    return isWanted(item.RangeVar.alias?.aliasname ?? item.RangeVar.relname) ? [item.RangeVar] : [];
  }
  if ('JoinExpr' in item) {
    const { larg, rarg } = item.JoinExpr;
    return [larg, rarg].flatMap((side) => (side === undefined ? [] : lockable(side, wanted)));
  }
  if (!('RangeSubselect' in item) || !isWanted(item.RangeSubselect.alias?.aliasname)) return [];
  const { subquery } = item.RangeSubselect;
  if (subquery === undefined || !('SelectStmt' in subquery)) return [];
  return (subquery.SelectStmt.fromClause ?? []).flatMap((inner) => lockable(inner, null));
}

function isHidden({ schemaname, relname }: RangeVar, hidden: Hidden): boolean {
  return schemaname === undefined && hidden.has(relname ?? '');
}
