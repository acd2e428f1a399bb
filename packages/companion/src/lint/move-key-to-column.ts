import { quoteIdentifier } from '../sql/quote.ts';
import { addColumnOf } from './add-column-of.ts';
import { append, rewritten } from './edits.ts';
import { alterTableCommands, constraintOf, namesOf } from './facts/alter-commands.ts';
import type { SchemaFacts } from './facts/schema-facts.ts';
import type { LintStatement } from './migration.ts';
import { isFilled, type NewConstraint } from './new-constraints.ts';
import { nameOfNew } from './not-valid-first.ts';
import { removeStatement } from './remove-statement.ts';
import type { Edit } from './rule.ts';

/**
 * Writes a foreign key into the ADD COLUMN, earlier in its file, that made its only column: there PostgreSQL knows
 * that all is null, and reads nothing. Null where the move would change anything else.
 */
export function moveKeyToColumn(
  statement: LintStatement,
  key: NewConstraint,
  facts: SchemaFacts,
): { readonly sql: string; readonly edits: readonly Edit[] } | null {
  const [name, ...others] = namesOf(key.node.fk_attrs);
  const isAlone = key.column === null && alterTableCommands(statement.node).length === 1;
  if (name === undefined || others.length > 0 || !isAlone || statement.nested) return null;
  const born = addColumnOf(statement, { table: key.table, column: name }, facts);
  if (born === null || isFilled(born.definition)) return null;
  const between = statement.migration.statements.slice(born.statement.index + 1, statement.index);
  if (!between.every(isKeyOrColumn)) return null;
  const removal = removeStatement(statement);
  const from = statement.tokens().find(({ keyword }) => keyword === 'references');
  if (removal === null || from === undefined) return null;
  const clause = statement.text.slice(from.start - statement.start);
  const addition = append(born.statement, ` CONSTRAINT ${quoteIdentifier(nameOfNew(key))} ${clause}`);
  return { sql: rewritten(born.statement, [addition]), edits: [addition, removal] };
}

/** What neither gives the column values nor makes what the key refers to. */
function isKeyOrColumn({ node }: LintStatement): boolean {
  const commands = alterTableCommands(node);
  return (
    commands.length > 0 &&
    commands.every(
      (command) => command.subtype === 'AT_AddColumn' || constraintOf(command)?.contype === 'CONSTR_FOREIGN',
    )
  );
}
