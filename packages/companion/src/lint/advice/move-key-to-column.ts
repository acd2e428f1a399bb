import { quoteIdentifier } from '../../sql/quote.ts';
import { alterTableCommands, constraintOf, namesOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { addColumnOf } from '../reading/add-column-of.ts';
import { isSameTable } from '../reading/foreign-keys.ts';
import { isFilled, type NewConstraint } from '../reading/new-constraints.ts';
import type { Edit } from '../rule.ts';
import { append, rewritten } from './edits.ts';
import { nameOfNew } from './not-valid-first.ts';
import { removeStatement } from './remove-statement.ts';

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
  const target = key.node.pktable === undefined ? key.table : nameOfRelation(key.node.pktable);
  const moved = { table: key.table, column: name, target };
  if (!between.every((one) => isHarmless(one, moved))) return null;
  const removal = removeStatement(statement);
  const from = statement.tokens().find(({ keyword }) => keyword === 'references');
  if (removal === null || from === undefined) return null;
  const clause = statement.text.slice(from.start - statement.start);
  const addition = append(born.statement, ` CONSTRAINT ${quoteIdentifier(nameOfNew(key))} ${clause}`);
  return { sql: rewritten(born.statement, [addition]), edits: [addition, removal] };
}

type Moved = {
  readonly table: QualifiedName;
  readonly column: string;
  readonly target: QualifiedName;
};

/** What gives the column no values, and does not make what the key refers to. */
function isHarmless({ node }: LintStatement, { table, column, target }: Moved): boolean {
  if ('IndexStmt' in node) {
    const { relation } = node.IndexStmt;
    return relation !== undefined && !isSameTable(nameOfRelation(relation), target);
  }
  if ('CreateStmt' in node) {
    const { relation } = node.CreateStmt;
    return relation !== undefined && !isSameTable(nameOfRelation(relation), target);
  }
  if ('DropStmt' in node) return node.DropStmt.removeType === 'OBJECT_INDEX';
  if ('CreateEnumStmt' in node) return true;
  const commands = alterTableCommands(node);
  return (
    commands.length > 0 &&
    commands.every((command) => {
      const altered = nameOfRelation(command.relation);
      if (command.subtype === 'AT_AddColumn') return true;
      if (constraintOf(command)?.contype === 'CONSTR_FOREIGN') return true;
      return !isSameTable(altered, target) && !(isSameTable(altered, table) && command.name === column);
    })
  );
}
