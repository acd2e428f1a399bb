import type { Statement } from '../kernel/place.ts';
import type { ConcurrentIndex } from '../kernel/plan.ts';
import type { NodeOf, ParseNode } from './parser.ts';
import { isOn, optionOf } from './statement-options.ts';

/** What a statement means to the transaction around it. `name` is its command, for people: `CREATE INDEX CONCURRENTLY`. */
export type StatementClass =
  /** `atomic`: it cannot end a transaction by itself. */
  | { readonly kind: 'ordinary'; readonly atomic: boolean; readonly leaves?: Statement['leaves'] }
  /** COPY from or to the client, whose data would follow in the connection: a file has no place for it. */
  | { readonly kind: 'copy' }
  /** PostgreSQL refuses it inside a transaction block. */
  | { readonly kind: 'refuses'; readonly name: string; readonly builds?: ConcurrentIndex }
  /** `options`: BEGIN asks for more than a transaction, such as an isolation level. */
  | { readonly kind: 'begin'; readonly name: string; readonly options: boolean }
  | {
      readonly kind: 'end';
      readonly name: string;
      readonly end: 'commit' | 'rollback';
      readonly chain: boolean;
    };

/** Null, a statement that does not parse, is taken for ordinary: the server will say what is wrong with it. */
export function classifyStatement(node: ParseNode | null): StatementClass {
  if (node === null) return { kind: 'ordinary', atomic: false };
  if ('TransactionStmt' in node) return classifyControl(node.TransactionStmt);
  const refused = refusedCommand(node);
  if (refused !== null) return { kind: 'refuses', ...refused };
  if ('CopyStmt' in node && !node.CopyStmt.filename) return { kind: 'copy' };
  const leaves = leftInSession(node);
  return { kind: 'ordinary', atomic: !('CallStmt' in node || 'DoStmt' in node), ...(leaves && { leaves }) };
}

function classifyControl(statement: NodeOf<'TransactionStmt'>): StatementClass {
  const chain = statement.chain === true;
  switch (statement.kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return { kind: 'begin', name: 'BEGIN', options: (statement.options ?? []).length > 0 };
    case 'TRANS_STMT_COMMIT':
      return { kind: 'end', name: 'COMMIT', end: 'commit', chain };
    case 'TRANS_STMT_ROLLBACK':
      return { kind: 'end', name: 'ROLLBACK', end: 'rollback', chain };
    case 'TRANS_STMT_SAVEPOINT':
    case 'TRANS_STMT_RELEASE':
    case 'TRANS_STMT_ROLLBACK_TO':
      return { kind: 'ordinary', atomic: true };
    default:
      // Two-phase commit: PREPARE TRANSACTION takes the transaction away from the session.
      return { kind: 'ordinary', atomic: false };
  }
}

/** What outlives the statement in the session, and is missing in another one. */
function leftInSession(node: ParseNode): Statement['leaves'] {
  if ('VariableSetStmt' in node) return node.VariableSetStmt.is_local ? undefined : 'setting';
  if ('SelectStmt' in node) return callsSetConfig(node.SelectStmt) ? 'setting' : undefined;
  if ('PrepareStmt' in node || 'DeclareCursorStmt' in node) return 'temporary';
  const relation =
    'CreateStmt' in node
      ? node.CreateStmt.relation
      : 'CreateTableAsStmt' in node
        ? node.CreateTableAsStmt.into?.rel
        : 'ViewStmt' in node
          ? node.ViewStmt.view
          : undefined;
  return relation?.relpersistence === 't' ? 'temporary' : undefined;
}

/** pg_dump sets the search path with `SELECT pg_catalog.set_config(…)`. */
function callsSetConfig({ targetList = [] }: NodeOf<'SelectStmt'>): boolean {
  return targetList.some((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const path = value !== undefined && 'FuncCall' in value ? (value.FuncCall.funcname ?? []) : [];
    const name = path.at(-1);
    return name !== undefined && 'String' in name && name.String.sval === 'set_config';
  });
}

type Refused = { readonly name: string; readonly builds?: ConcurrentIndex };

/** By `PreventInTransactionBlock` in PostgreSQL's sources; what only the catalog knows (partitions) is left to the server. */
function refusedCommand(node: ParseNode): Refused | null {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent ? createdIndex(node.IndexStmt) : null;
  if ('DropStmt' in node) return node.DropStmt.concurrent ? droppedIndex(node.DropStmt) : null;
  if ('ReindexStmt' in node) return reindexed(node.ReindexStmt);
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd ? { name: 'VACUUM' } : null;
  if ('ClusterStmt' in node) return node.ClusterStmt.relation ? null : { name: 'CLUSTER of all tables' };
  if ('DiscardStmt' in node)
    return node.DiscardStmt.target === 'DISCARD_ALL' ? { name: 'DISCARD ALL' } : null;
  if ('AlterSystemStmt' in node) return { name: 'ALTER SYSTEM' };
  if ('CreatedbStmt' in node) return { name: 'CREATE DATABASE' };
  if ('DropdbStmt' in node) return { name: 'DROP DATABASE' };
  if ('CreateTableSpaceStmt' in node) return { name: 'CREATE TABLESPACE' };
  if ('DropTableSpaceStmt' in node) return { name: 'DROP TABLESPACE' };
  if ('DropSubscriptionStmt' in node) return { name: 'DROP SUBSCRIPTION' };
  if ('AlterDatabaseStmt' in node) {
    const moves = optionOf(node.AlterDatabaseStmt.options, 'tablespace') !== undefined;
    return moves ? { name: 'ALTER DATABASE SET TABLESPACE' } : null;
  }
  if ('CreateSubscriptionStmt' in node) {
    const { options } = node.CreateSubscriptionStmt;
    const makesSlot = isOn(options, 'create_slot', true) && isOn(options, 'connect', true);
    return makesSlot ? { name: 'CREATE SUBSCRIPTION' } : null;
  }
  if ('AlterSubscriptionStmt' in node) {
    return altersSlot(node.AlterSubscriptionStmt) ? { name: 'ALTER SUBSCRIPTION' } : null;
  }
  if ('AlterTableStmt' in node) {
    return detachesConcurrently(node.AlterTableStmt) ? { name: 'DETACH PARTITION CONCURRENTLY' } : null;
  }
  return null;
}

function createdIndex({ idxname, relation }: NodeOf<'IndexStmt'>): Refused {
  const name = 'CREATE INDEX CONCURRENTLY';
  if (!idxname) return { name };
  return { name, builds: { action: 'create', schema: relation?.schemaname ?? null, name: idxname } };
}

function droppedIndex({ objects = [] }: NodeOf<'DropStmt'>): Refused {
  const name = 'DROP INDEX CONCURRENTLY';
  const [object, ...others] = objects;
  if (object === undefined || others.length > 0 || !('List' in object)) return { name };
  const path = (object.List.items ?? []).map((item) => ('String' in item ? (item.String.sval ?? '') : ''));
  const index = path.at(-1);
  return index ? { name, builds: { action: 'drop', schema: path.at(-2) ?? null, name: index } } : { name };
}

function reindexed({ kind, params, relation }: NodeOf<'ReindexStmt'>): Refused | null {
  const what = (kind ?? '').replace('REINDEX_OBJECT_', '');
  if (!isOn(params, 'concurrently', false)) {
    return ['DATABASE', 'SCHEMA', 'SYSTEM'].includes(what) ? { name: `REINDEX ${what}` } : null;
  }
  const name = `REINDEX ${what} CONCURRENTLY`;
  if (what !== 'INDEX' || !relation?.relname) return { name };
  return { name, builds: { action: 'reindex', schema: relation.schemaname ?? null, name: relation.relname } };
}

function altersSlot({ kind, options }: NodeOf<'AlterSubscriptionStmt'>): boolean {
  switch (kind) {
    case 'ALTER_SUBSCRIPTION_REFRESH':
      return true;
    case 'ALTER_SUBSCRIPTION_ADD_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_DROP_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_SET_PUBLICATION':
      return isOn(options, 'refresh', true);
    case 'ALTER_SUBSCRIPTION_OPTIONS':
      return optionOf(options, 'failover') !== undefined || !isOn(options, 'two_phase', true);
    default:
      return false;
  }
}

function detachesConcurrently({ cmds = [] }: NodeOf<'AlterTableStmt'>): boolean {
  return cmds.some((cmd) => {
    const change = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined;
    return change !== undefined && 'PartitionCmd' in change && change.PartitionCmd.concurrent === true;
  });
}
