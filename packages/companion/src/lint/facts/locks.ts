import { type LockMode, modeOfNumber } from '../../kernel/lock-modes.ts';
import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import { isOn } from '../../sql/statement-options.ts';
import { alterTableLocks } from './alter-table-locks.ts';
import {
  createIndexLocks,
  createTableAsLocks,
  createTableLocks,
  createTriggerLocks,
  createViewLocks,
} from './create-locks.ts';
import { dropLocks, tablesWithType, truncateLocks } from './drop-locks.ts';
import { clusterLocks, reindexLocks, vacuumLocks } from './maintenance-locks.ts';
import { nameOfParts, nameOfRelation } from './names.ts';
import { queryLocks, relationLocks, storedQueryLocks } from './query-locks.ts';
import { type LockWork, lock, mergeLocks, type RelationLock, reachOf } from './relation-lock.ts';
import { renameLocks } from './rename-locks.ts';
import type { SchemaFacts } from './schema-facts.ts';

export { blockedBy, type LockMode, strongestOf } from '../../kernel/lock-modes.ts';
export type { LockWork, RelationLock };

/**
 * The locks that a statement takes on relations that are there before it: tables, partitions, views, materialized
 * and foreign ones, but not indexes and sequences. One for each relation, of its strongest mode. Where PostgreSQL's
 * versions differ, the stronger is told; where only the data could say how much work there is, the heavier.
 *
 * Not told is what the facts do not know: children by INHERITS, the default partition, tables behind functions,
 * and what rows set off by triggers and foreign keys.
 */
export function locksOf(node: ParseNode, facts: SchemaFacts): readonly RelationLock[] {
  const [name, statement] = Object.entries(node)[0] ?? [];
  const read = READERS[name as keyof typeof READERS] as Reader<unknown> | undefined;
  return read === undefined ? [] : mergeLocks(read(statement, facts));
}

type Reader<Statement> = (statement: Statement, facts: SchemaFacts) => readonly RelationLock[];
type StatementName = ParseNode extends infer Node ? (Node extends ParseNode ? keyof Node : never) : never;

const READERS: { readonly [Name in StatementName & string]?: Reader<NodeOf<Name>> } = {
  SelectStmt: (statement, facts) => queryLocks({ SelectStmt: statement }, facts),
  InsertStmt: (statement, facts) => queryLocks({ InsertStmt: statement }, facts),
  UpdateStmt: (statement, facts) => queryLocks({ UpdateStmt: statement }, facts),
  DeleteStmt: (statement, facts) => queryLocks({ DeleteStmt: statement }, facts),
  MergeStmt: (statement, facts) => queryLocks({ MergeStmt: statement }, facts),
  ExplainStmt: ({ query, options }, facts) => {
    const locks = queryLocks(query, facts);
    return isOn(options, 'analyze', false) ? locks : locks.map((one) => ({ ...one, work: 'brief' }));
  },
  DeclareCursorStmt: ({ query }, facts) => queryLocks(query, facts),
  PrepareStmt: ({ query }) => storedQueryLocks(query),
  CopyStmt: ({ relation, is_from, query }, facts) =>
    query !== undefined
      ? queryLocks(query, facts)
      : on(relation, is_from ? 'RowExclusive' : 'AccessShare', is_from ? 'brief' : 'scan'),
  LockStmt: ({ relations = [], mode }, facts) =>
    relations.flatMap((relation) =>
      'RangeVar' in relation
        ? relationLocks({ relation: relation.RangeVar, mode: modeOfNumber(mode) }, facts)
        : [],
    ),
  TruncateStmt: ({ relations = [], behavior }, facts) => {
    const names = relations.flatMap((one) => ('RangeVar' in one ? reachOf(one.RangeVar, facts) : []));
    return truncateLocks(names, facts, behavior);
  },
  CreateStmt: createTableLocks,
  CreateTableAsStmt: createTableAsLocks,
  IndexStmt: createIndexLocks,
  CreateTrigStmt: createTriggerLocks,
  ViewStmt: createViewLocks,
  CreateFunctionStmt: ({ sql_body }) => storedQueryLocks(sql_body),
  CreatePolicyStmt: ({ table, qual, with_check }) => [
    ...on(table, 'AccessExclusive'),
    ...storedQueryLocks([qual, with_check]),
  ],
  AlterPolicyStmt: ({ table, qual, with_check }) => [
    ...on(table, 'AccessExclusive'),
    ...storedQueryLocks([qual, with_check]),
  ],
  RuleStmt: ({ relation, actions, whereClause }) => [
    ...on(relation, 'AccessExclusive'),
    ...storedQueryLocks([actions, whereClause]),
  ],
  CreateStatsStmt: ({ relations = [] }) =>
    relations.flatMap((one) => ('RangeVar' in one ? on(one.RangeVar, 'ShareUpdateExclusive') : [])),
  CreateSeqStmt: ({ options }) => ownerLocks(options),
  AlterSeqStmt: ({ options }) => ownerLocks(options),
  CreatePublicationStmt: ({ pubobjects }) => publishedLocks(pubobjects),
  AlterPublicationStmt: ({ pubobjects }) => publishedLocks(pubobjects),
  AlterTableStmt: alterTableLocks,
  DropStmt: dropLocks,
  RenameStmt: renameLocks,
  AlterObjectSchemaStmt: ({ objectType, relation }, facts) =>
    objectType === 'OBJECT_SEQUENCE' ||
    relation === undefined ||
    facts.object('sequence', nameOfRelation(relation))
      ? []
      : on(relation, 'AccessExclusive'),
  AlterDomainStmt: ({ subtype, typeName, def }, facts) => {
    const valid = def === undefined || !('Constraint' in def) || !def.Constraint.skip_validation;
    // C: ADD CONSTRAINT, O: SET NOT NULL, V: VALIDATE CONSTRAINT; the rest reads no table.
    if (!['C', 'O', 'V'].includes(subtype ?? '') || !valid) return [];
    return tablesWithType(nameOfParts(typeName), facts).map((name) => lock(name, 'Share', 'scan'));
  },
  CommentStmt: commentLocks,
  GrantStmt: ({ objtype, objects = [] }) =>
    objtype === 'OBJECT_TABLE'
      ? objects.flatMap((one) => ('RangeVar' in one ? on(one.RangeVar, 'AccessShare') : []))
      : [],
  RefreshMatViewStmt: ({ relation, concurrent }, facts) => {
    const query = relation === undefined ? undefined : facts.table(nameOfRelation(relation))?.query;
    const own = concurrent ? on(relation, 'Exclusive', 'scan') : on(relation, 'AccessExclusive', 'rewrite');
    return [...own, ...queryLocks(query ?? undefined, facts)];
  },
  ClusterStmt: clusterLocks,
  ReindexStmt: reindexLocks,
  VacuumStmt: vacuumLocks,
};

function on(
  relation: RangeVar | undefined,
  mode: LockMode,
  work: LockWork = 'brief',
): readonly RelationLock[] {
  return relation === undefined ? [] : [lock(nameOfRelation(relation), mode, work)];
}

function commentLocks({ objtype, object }: NodeOf<'CommentStmt'>): readonly RelationLock[] {
  const parts = object !== undefined && 'List' in object ? (object.List.items ?? []) : [];
  switch (objtype) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_FOREIGN_TABLE':
      return [lock(nameOfParts(parts), 'ShareUpdateExclusive')];
    case 'OBJECT_COLUMN':
      return [lock(nameOfParts(parts.slice(0, -1)), 'ShareUpdateExclusive')];
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return [lock(nameOfParts(parts.slice(0, -1)), 'AccessShare')];
    default:
      return [];
  }
}

/** OWNED BY looks at the table; NONE names no column. */
function ownerLocks(options: readonly ParseNode[] | undefined): readonly RelationLock[] {
  return (options ?? []).flatMap((option) => {
    if (!('DefElem' in option) || option.DefElem.defname !== 'owned_by') return [];
    const { arg } = option.DefElem;
    const parts = arg !== undefined && 'List' in arg ? (arg.List.items ?? []) : [];
    return parts.length < 2 ? [] : [lock(nameOfParts(parts.slice(0, -1)), 'AccessShare')];
  });
}

function publishedLocks(objects: readonly ParseNode[] | undefined): readonly RelationLock[] {
  return (objects ?? []).flatMap((object) =>
    'PublicationObjSpec' in object
      ? on(object.PublicationObjSpec.pubtable?.relation, 'ShareUpdateExclusive')
      : [],
  );
}
