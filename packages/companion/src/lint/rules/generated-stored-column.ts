import { quoteIdentifier } from '../../sql/quote.ts';
import {
  type AddedColumn,
  addedColumns,
  type ColumnText,
  constraintOfKind,
  placeOfColumns,
  readColumnText,
} from '../advice/added-columns.ts';
import { addInSteps, type EmptyColumn } from '../advice/column-in-steps.ts';
import { generateAgain } from '../advice/generate-again.ts';
import { keepInStep, overNew } from '../advice/keep-in-step.ts';
import { alterTableCommands, columnOf, constraintsOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName, showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const generatedStoredColumn = defineRule({
  id: 'generated-stored-column',
  family: 'locking',
  level: 'error',
  title: 'A stored generated column that is added to a table writes the whole table anew',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const { facts } = context;
    const found = addedColumns(statement, facts).filter(isStored);
    const [first] = found;
    if (first === undefined) return newExpressions(statement, facts);
    return [
      {
        statement,
        growsWith: first.table,
        message: describe(
          first.table,
          found.map(({ name }) => name),
        ),
        ...advise(statement, found, context),
      },
      ...newExpressions(statement, facts),
    ];
  },
});

/** Without a word for it, a generated column is virtual: so PostgreSQL 18 has it, and older ones refuse that. */
function isStored({ definition }: AddedColumn): boolean {
  const generated = constraintOfKind(definition, 'CONSTR_GENERATED');
  return generated !== null && generated.generated_kind !== 'v';
}

function describe(table: QualifiedName, columns: readonly string[]): string {
  const shown = showName(table);
  return `${columns.map(showIdentifier).join(', ')} must be computed and stored in every row: ALTER TABLE writes all of ${shown} and its indexes anew under ACCESS EXCLUSIVE, and every read and every write of ${shown} waits until the last row is written.`;
}

function advise(
  statement: LintStatement,
  found: readonly AddedColumn[],
  context: RuleContext,
): Partial<Report> {
  const own = standalone(statement, context.parser);
  const text = readColumnText(own);
  const at = placeOfColumns(statement, text, found);
  if (context.postgresVersion >= 18) {
    const virtual = text === null ? null : madeVirtual(own, text, found);
    return {
      ...at,
      hint: 'Make it VIRTUAL: it is computed when it is read, and nothing is written. It cannot be indexed, but an index over the expression can be built with CONCURRENTLY.',
      ...(virtual === null ? {} : { rewrite: [{ title: 'this migration', sql: virtual }] }),
    };
  }
  const columns = text === null ? [] : found.flatMap((column) => computedColumn(own, text, column) ?? []);
  return {
    ...at,
    hint: `Is it for searching? Then an index over the expression, built with CONCURRENTLY, needs no column. Else add a plain column that a trigger computes, and fill the old rows in batches. To drizzle, too, it is then a plain column: ${generateAgain('declare it without generatedAlwaysAs()')}, and add the trigger to what comes.`,
    ...(text === null || columns.length < found.length
      ? {}
      : { rewrite: addInSteps(text, columns, context) }),
  };
}

function madeVirtual(own: LintStatement, text: ColumnText, found: readonly AddedColumn[]): string | null {
  const edits = found.flatMap((column) => {
    const span = text.constraintSpan(column, 'CONSTR_GENERATED');
    const word = own
      .tokens()
      .filter(({ start, end }) => span !== null && start >= span.start && end <= span.end)
      .findLast(({ keyword }) => keyword === 'stored');
    return word === undefined ? [] : [{ start: word.start, end: word.end, text: 'VIRTUAL' }];
  });
  return edits.length < found.length ? null : text.without([], [], edits);
}

function computedColumn(own: LintStatement, text: ColumnText, column: AddedColumn): EmptyColumn | null {
  const expression = constraintOfKind(column.definition, 'CONSTR_GENERATED')?.raw_expr;
  const span = text.constraintSpan(column, 'CONSTR_GENERATED');
  if (expression === undefined || span === null) return null;
  const tokens = own
    .tokens()
    .filter(({ start, end, comment }) => start >= span.start && end <= span.end && !comment);
  const open = tokens.find((token) => token.text === '(');
  const close = tokens.findLast((token) => token.text === ')');
  if (open === undefined || close === undefined) return null;
  const inside = { start: open.end, end: close.start };
  const value = own.text.slice(inside.start - own.start, inside.end - own.start).trim();
  const { table, name } = column;
  const trigger = keepInStep({ table, column: name, value: overNew(own, expression, inside).trim() });
  const missing = `${quoteIdentifier(name)} IS DISTINCT FROM (${value})`;
  return { column, value, missing, after: trigger };
}

/** SET EXPRESSION (17): computes a stored column anew. */
function newExpressions(statement: LintStatement, facts: SchemaFacts): readonly Report[] {
  return alterTableCommands(statement.node).flatMap(({ subtype, relation, name = '' }) => {
    const table = nameOfRelation(relation);
    if (subtype !== 'AT_SetExpression' || !isInUse(table, statement, facts)) return [];
    if (isKnownVirtual(facts, table, name)) return [];
    return [
      {
        statement,
        growsWith: table,
        message: describe(table, [name]),
        hint: 'Add another column instead, and let the code read that one; drop this one when nobody reads it any longer.',
      },
    ];
  });
}

function isKnownVirtual(facts: SchemaFacts, table: QualifiedName, column: string): boolean {
  const made = facts.table(table)?.columns.get(column)?.born?.node;
  if (made === undefined) return false;
  const definitions =
    'CreateStmt' in made
      ? (made.CreateStmt.tableElts ?? []).flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef] : []))
      : alterTableCommands(made).flatMap((command) => columnOf(command) ?? []);
  const own = definitions.find(({ colname }) => colname === column);
  return own !== undefined && constraintsOf(own).some(({ generated_kind: kind }) => kind === 'v');
}
