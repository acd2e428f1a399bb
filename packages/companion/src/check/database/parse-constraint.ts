import { parseOne } from '../../sql/parse-tolerantly.ts';
import type { NodeOf, SqlParser } from '../../sql/parser.ts';

/** A constraint in PostgreSQL's rendering, which does not say on which table it is; empty where the parser does not know it. Pure. */
export function parseConstraint(definition: string, parser: SqlParser): NodeOf<'Constraint'> {
  const node = parseOne(`ALTER TABLE t ADD ${definition}`, parser);
  const [command] = node !== null && 'AlterTableStmt' in node ? (node.AlterTableStmt.cmds ?? []) : [];
  const added = command !== undefined && 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
  return added !== undefined && 'Constraint' in added ? added.Constraint : {};
}
