import type { ParseNode, RangeVar } from '../sql/parser.ts';
import { quoteQualified } from '../sql/quote.ts';

/** The relations on which a statement may build an index: tables, or indexes of theirs, as SQL names them. Pure. */
export function indexedRelations(node: ParseNode | null): readonly string[] {
  if (node === null) return [];
  if ('IndexStmt' in node) return nameOf(node.IndexStmt.relation);
  if ('ReindexStmt' in node) return nameOf(node.ReindexStmt.relation);
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  const commands = cmds.flatMap((cmd) => ('AlterTableCmd' in cmd ? [cmd.AlterTableCmd] : []));
  if (!commands.some(({ subtype }) => BUILDS.has(subtype ?? ''))) return [];
  const attached = commands.flatMap(({ def }) =>
    def !== undefined && 'PartitionCmd' in def ? nameOf(def.PartitionCmd.name) : [],
  );
  return [...nameOf(relation), ...attached];
}

const BUILDS = new Set([
  'AT_AddColumn',
  'AT_AddConstraint',
  'AT_AlterColumnType',
  'AT_AttachPartition',
  'AT_SetExpression',
]);

function nameOf(relation: RangeVar | undefined): readonly string[] {
  return relation?.relname ? [quoteQualified(relation.schemaname || null, relation.relname)] : [];
}
