import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import type { RuleContext } from '../rule.ts';
import { isSameTable } from './foreign-keys.ts';
import { partitionsOf } from './in-use.ts';

/** A partition that a statement adds. */
export type NewPartition = {
  readonly parent: QualifiedName;
  readonly name: QualifiedName;
  readonly bound: NodeOf<'PartitionBoundSpec'>;
  /** False where CREATE TABLE makes it. */
  readonly attached: boolean;
};

export function newPartitions({ node }: LintStatement): readonly NewPartition[] {
  if ('CreateStmt' in node) {
    const { relation, partbound: bound, inhRelations: [over] = [] } = node.CreateStmt;
    if (relation === undefined || bound === undefined || over === undefined || !('RangeVar' in over))
      return [];
    return [
      { parent: nameOfRelation(over.RangeVar), name: nameOfRelation(relation), bound, attached: false },
    ];
  }
  return alterTableCommands(node).flatMap(({ subtype, relation, def }) => {
    if (subtype !== 'AT_AttachPartition' || def === undefined || !('PartitionCmd' in def)) return [];
    const { name, bound } = def.PartitionCmd;
    if (name === undefined || bound === undefined) return [];
    return [{ parent: nameOfRelation(relation), name: nameOfRelation(name), bound, attached: true }];
  });
}

/** The default partition that is there before the statement, as far as the migrations tell. */
export function defaultPartition(
  parent: QualifiedName,
  statement: LintStatement,
  { facts, migrations }: Pick<RuleContext, 'facts' | 'migrations'>,
): QualifiedName | null {
  const all = migrations.flatMap(({ statements }) => statements);
  const made = all
    .slice(0, all.indexOf(statement))
    .flatMap(newPartitions)
    .filter((one) => one.bound.is_default === true && isSameTable(one.parent, parent));
  const still = partitionsOf(parent, facts);
  return made.map(({ name }) => name).findLast((name) => still.some((one) => isSameTable(one, name))) ?? null;
}
