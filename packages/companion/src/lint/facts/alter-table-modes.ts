import type { LockMode } from '../../kernel/lock-modes.ts';
import type { NodeOf } from '../../sql/parser.ts';
import { constraintOf } from './alter-commands.ts';

type Command = NodeOf<'AlterTableCmd'>;
type Subtype = NonNullable<Command['subtype']>;

/** Where it is not AccessExclusive, which is the rule; as AlterTableGetLockLevel in PostgreSQL's sources has it. */
const MODES: Partial<Record<Subtype, LockMode>> = {
  AT_SetStatistics: 'ShareUpdateExclusive',
  AT_SetOptions: 'ShareUpdateExclusive',
  AT_ResetOptions: 'ShareUpdateExclusive',
  AT_ClusterOn: 'ShareUpdateExclusive',
  AT_DropCluster: 'ShareUpdateExclusive',
  AT_ValidateConstraint: 'ShareUpdateExclusive',
  AT_AttachPartition: 'ShareUpdateExclusive',
  AT_DetachPartitionFinalize: 'ShareUpdateExclusive',
  AT_EnableTrig: 'ShareRowExclusive',
  AT_EnableAlwaysTrig: 'ShareRowExclusive',
  AT_EnableReplicaTrig: 'ShareRowExclusive',
  AT_EnableTrigAll: 'ShareRowExclusive',
  AT_EnableTrigUser: 'ShareRowExclusive',
  AT_DisableTrig: 'ShareRowExclusive',
  AT_DisableTrigAll: 'ShareRowExclusive',
  AT_DisableTrigUser: 'ShareRowExclusive',
};

/** Those that leave partitions alone, even without ONLY. */
const STAYS: ReadonlySet<Subtype> = new Set<Subtype>([
  'AT_AddInherit',
  'AT_AddOf',
  'AT_AttachPartition',
  'AT_ChangeOwner',
  'AT_ClusterOn',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_DisableRowSecurity',
  'AT_DisableRule',
  'AT_DropCluster',
  'AT_DropInherit',
  'AT_DropOf',
  'AT_EnableAlwaysRule',
  'AT_EnableReplicaRule',
  'AT_EnableRowSecurity',
  'AT_EnableRule',
  'AT_ForceRowSecurity',
  'AT_GenericOptions',
  'AT_NoForceRowSecurity',
  'AT_ReplicaIdentity',
  'AT_ResetOptions',
  'AT_ResetRelOptions',
  'AT_SetAccessMethod',
  'AT_SetCompression',
  'AT_SetLogged',
  'AT_SetOptions',
  'AT_SetRelOptions',
  'AT_SetTableSpace',
  'AT_SetUnLogged',
]);

/** Storage parameters that change how the table is read, not how it is cared for. */
const READ_OTHERWISE: ReadonlySet<string> = new Set([
  'user_catalog_table',
  'security_barrier',
  'security_invoker',
  'check_option',
]);

export function modeOfCommand(command: Command): LockMode {
  const { subtype, def } = command;
  if (subtype === 'AT_AddConstraint') {
    return constraintOf({ ...command, relation: {} })?.contype === 'CONSTR_FOREIGN'
      ? 'ShareRowExclusive'
      : 'AccessExclusive';
  }
  if (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions') {
    const names = optionNames(command);
    return names.some((name) => READ_OTHERWISE.has(name)) ? 'AccessExclusive' : 'ShareUpdateExclusive';
  }
  if (subtype === 'AT_DetachPartition' && def !== undefined && 'PartitionCmd' in def) {
    return def.PartitionCmd.concurrent ? 'ShareUpdateExclusive' : 'AccessExclusive';
  }
  return (subtype && MODES[subtype]) ?? 'AccessExclusive';
}

export function reachesPartitions({ subtype }: Command): boolean {
  return subtype !== undefined && !STAYS.has(subtype);
}

function optionNames({ def }: Command): readonly string[] {
  if (def === undefined || !('List' in def)) return [];
  return (def.List.items ?? []).flatMap((item) => ('DefElem' in item ? [item.DefElem.defname ?? ''] : []));
}
