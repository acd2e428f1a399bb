import type { CatalogDifference } from '../../catalog/difference.ts';
import type { NodeOf, SqlParser } from '../../sql/parser.ts';

/** Does the SQL say of an index or a constraint what a drizzle schema has no word for? Pure. */
export function isBeyondDrizzle({ part, facts }: CatalogDifference, parser: SqlParser): boolean {
  const definition = facts.find(({ fact }) => fact === 'definition')?.actual ?? null;
  if (definition === null || part === null) return false;
  if (part.kind === 'index') {
    const [node] = parser.parse(definition);
    return node !== undefined && 'IndexStmt' in node && isIndexBeyond(node.IndexStmt);
  }
  if (part.kind !== 'constraint') return false;
  const [node] = parser.parse(`ALTER TABLE t ADD ${definition}`);
  const [command] = node !== undefined && 'AlterTableStmt' in node ? (node.AlterTableStmt.cmds ?? []) : [];
  const added = command !== undefined && 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
  return added !== undefined && 'Constraint' in added && isConstraintBeyond(added.Constraint);
}

function isIndexBeyond({ indexIncludingParams = [], nulls_not_distinct }: NodeOf<'IndexStmt'>): boolean {
  return indexIncludingParams.length > 0 || nulls_not_distinct === true;
}

function isConstraintBeyond(constraint: NodeOf<'Constraint'>): boolean {
  const { deferrable, initdeferred, including = [], fk_matchtype, is_no_inherit } = constraint;
  return (
    deferrable === true ||
    initdeferred === true ||
    including.length > 0 ||
    is_no_inherit === true ||
    (constraint.contype === 'CONSTR_FOREIGN' && fk_matchtype === 'f') ||
    (constraint.fk_del_set_cols ?? []).length > 0
  );
}
