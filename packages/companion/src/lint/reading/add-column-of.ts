import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import type { QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';

/** The statement, earlier in the file, that adds this column and does nothing else; null where there is none. */
export function addColumnOf(
  { migration }: LintStatement,
  { table, column }: { readonly table: QualifiedName; readonly column: string },
  facts: SchemaFacts,
): { readonly statement: LintStatement; readonly definition: NodeOf<'ColumnDef'> } | null {
  const statement = facts.table(table)?.columns.get(column)?.born;
  if (!statement || statement.migration !== migration || statement.nested) return null;
  const [command, ...others] = alterTableCommands(statement.node);
  if (command?.subtype !== 'AT_AddColumn' || others.length > 0 || command.missing_ok === true) return null;
  const definition = columnOf(command);
  return definition === null ? null : { statement, definition };
}
