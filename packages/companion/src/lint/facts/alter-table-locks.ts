import { strongestOf } from '../../kernel/lock-modes.ts';
import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';
import {
  type AlterCommand,
  columnOf,
  constraintOf,
  constraintsOf,
  droppedConstraints,
} from './alter-commands.ts';
import { modeOfCommand, reachesPartitions } from './alter-table-modes.ts';
import { workOfNewColumn, workOfNewConstraint } from './column-work.ts';
import {
  keysOfConstraint,
  keysOnColumn,
  lostKeyLocks,
  newKeyLocks,
  remadeKeyLocks,
  shareOf,
} from './foreign-key-locks.ts';
import { nameOfRelation } from './names.ts';
import { partitionLocks } from './partition-locks.ts';
import { type LockWork, lock, type RelationLock, reachOf, targetsOf } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { workOfTypeChange } from './type-change-work.ts';

/** The locks of ALTER TABLE: one mode for all its commands, the strongest that any of them asks for. */
export function alterTableLocks(
  statement: NodeOf<'AlterTableStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  const { relation, cmds = [], objtype } = statement;
  if (relation === undefined || objtype === 'OBJECT_SEQUENCE' || objtype === 'OBJECT_TYPE') return [];
  if (objtype === 'OBJECT_INDEX' || facts.index(nameOfRelation(relation)) !== null) {
    return cmds.flatMap((cmd) => indexLocks(cmd, relation, facts));
  }
  const commands = cmds.flatMap((cmd) =>
    'AlterTableCmd' in cmd ? [{ ...cmd.AlterTableCmd, relation }] : [],
  );
  const mode = commands.map(modeOfCommand).reduce(strongestOf, 'AccessShare');
  const dropped = droppedConstraints(commands);
  return commands.flatMap((command) => {
    const work = workOf(command, { facts, dropped });
    const reached = reachesPartitions(command) ? reachOf(relation, facts) : [nameOfRelation(relation)];
    return [...reached.map((name) => lock(name, mode, work)), ...locksBeside(command, work, facts)];
  });
}

type Before = { readonly facts: SchemaFacts; readonly dropped: ReadonlySet<string> };

function workOf(command: AlterCommand, { facts, dropped }: Before): LockWork {
  const table = nameOfRelation(command.relation);
  const alone = !command.relation.inh || !reachesPartitions(command);
  // The rows of a partitioned table lie in its partitions.
  if (alone && facts.table(table)?.partitioned) return 'brief';
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = columnOf(command);
      return column === null ? 'brief' : workOfNewColumn(column, facts);
    }
    case 'AT_AlterColumnType':
      return workOfTypeChange(command, facts);
    case 'AT_SetNotNull':
      return facts.isProvenNotNull(table, command.name ?? '', dropped) ? 'brief' : 'scan';
    case 'AT_AddConstraint': {
      const constraint = constraintOf(command);
      return constraint === null ? 'brief' : workOfTableConstraint(constraint, command, facts);
    }
    case 'AT_ValidateConstraint':
      return facts.table(table)?.constraints.get(command.name ?? '')?.validated ? 'brief' : 'scan';
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetAccessMethod':
    case 'AT_SetTableSpace':
    case 'AT_SetExpression':
      return 'rewrite';
    default:
      return 'brief';
  }
}

/** An index that is there spares a primary key its building, not the proof that no column is null. */
function workOfTableConstraint(
  constraint: NodeOf<'Constraint'>,
  { relation }: AlterCommand,
  facts: SchemaFacts,
): LockWork {
  const { contype, indexname } = constraint;
  if (contype !== 'CONSTR_PRIMARY' || indexname === undefined) return workOfNewConstraint(constraint);
  const table = nameOfRelation(relation);
  const columns = facts.index({ schema: table.schema, name: indexname })?.columns ?? [null];
  const proven = columns.every((column) => column !== null && facts.isProvenNotNull(table, column));
  return proven ? 'brief' : 'scan';
}

/** Locks on other tables: at the other end of a foreign key, above or below in a hierarchy. */
function locksBeside(command: AlterCommand, work: LockWork, facts: SchemaFacts): readonly RelationLock[] {
  const table = facts.table(nameOfRelation(command.relation));
  const named = table?.constraints.get(command.name ?? '');
  const cascades = command.behavior === 'DROP_CASCADE';
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = columnOf(command);
      return column === null
        ? []
        : constraintsOf(column).flatMap((one) => newKeyLocks(one, facts, shareOf(work)));
    }
    case 'AT_AddConstraint': {
      const constraint = constraintOf(command);
      return constraint === null ? [] : newKeyLocks(constraint, facts);
    }
    case 'AT_ValidateConstraint':
      return targetsOf(named ? [named] : [], facts).map((name) => lock(name, 'RowShare', work));
    case 'AT_DropConstraint':
      if (table === null || named === undefined) return [];
      return lostKeyLocks(keysOfConstraint(table, named), facts, cascades);
    case 'AT_DropColumn':
      return table === null ? [] : lostKeyLocks(keysOnColumn(table, command.name, facts), facts, cascades);
    case 'AT_AlterColumnType':
      return table === null ? [] : remadeKeyLocks(keysOnColumn(table, command.name, facts), facts, work);
    case 'AT_AddInherit':
      return parentLocks(command, 'ShareUpdateExclusive');
    case 'AT_DropInherit':
      return parentLocks(command, 'AccessShare');
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return partitionLocks(command, facts);
    default:
      return [];
  }
}

function parentLocks({ def }: AlterCommand, mode: RelationLock['mode']): readonly RelationLock[] {
  return def !== undefined && 'RangeVar' in def ? [lock(nameOfRelation(def.RangeVar), mode)] : [];
}

/** ALTER INDEX … ATTACH PARTITION looks at the tables of both indexes; other commands lock the index alone. */
function indexLocks(cmd: ParseNode, relation: RangeVar, facts: SchemaFacts): readonly RelationLock[] {
  const def = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined;
  if (def === undefined || !('PartitionCmd' in def) || def.PartitionCmd.name === undefined) return [];
  const indexes = [relation, def.PartitionCmd.name].map((name) => facts.index(nameOfRelation(name)));
  return indexes.flatMap((index) => (index === null ? [] : [lock(index.table, 'AccessShare')]));
}
