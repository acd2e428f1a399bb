import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import {
  type AddedColumn,
  addedColumns,
  type ColumnText,
  constraintOfKind,
  placeOfColumns,
  readColumnText,
} from '../advice/added-columns.ts';
import { addInSteps, type EmptyColumn } from '../advice/column-in-steps.ts';
import { constraintName } from '../advice/constraint-name.ts';
import { quoteName, showIdentifier, showName } from '../facts/names.ts';
import { integerOfSerial } from '../facts/serial-types.ts';
import { readTypeName, showType } from '../facts/sql-type.ts';
import type { LintStatement } from '../migration.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const serialOnExistingTable = defineRule({
  id: 'serial-on-existing-table',
  family: 'locking',
  level: 'error',
  title: 'A serial or identity column that is added to a table writes the whole table anew',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const found = addedColumns(statement, context.facts).filter((column) => numberingOf(column) !== null);
    const [first] = found;
    if (first === undefined) return [];
    const table = showName(first.table);
    const names = found.map(({ name }) => showIdentifier(name)).join(', ');
    return [
      {
        statement,
        growsWith: first.table,
        message: `Every row of ${table} gets a number of its own in ${names}: ADD COLUMN writes all of ${table} and its indexes anew under ACCESS EXCLUSIVE, and every read and every write of ${table} waits until the last row is written.`,
        hint: 'Add a plain column with a sequence for new rows, number the old rows in batches, and make it what it was to be when all have their number.',
        ...advise(statement, found, context),
      },
    ];
  },
});

const WHOLE: ReadonlySet<string> = new Set(['int2', 'int4', 'int8']);

type Numbering = { readonly kind: 'serial' | 'identity'; readonly type: string };

function numberingOf({ definition }: AddedColumn): Numbering | null {
  if (definition.typeName === undefined) return null;
  const type = readTypeName(definition.typeName);
  const counted = integerOfSerial(type);
  if (counted !== null) return { kind: 'serial', type: showType({ ...type, name: counted }) };
  // Of any other type PostgreSQL refuses an identity.
  const isWhole = type.schema === null && type.dimensions === 0 && WHOLE.has(type.name);
  const isIdentity = isWhole && constraintOfKind(definition, 'CONSTR_IDENTITY') !== null;
  return isIdentity ? { kind: 'identity', type: showType(type) } : null;
}

function advise(
  statement: LintStatement,
  found: readonly AddedColumn[],
  context: RuleContext,
): Partial<Report> {
  const text = readColumnText(standalone(statement, context.parser));
  const at = placeOfColumns(statement, text, found);
  const columns = text === null ? [] : found.flatMap((column) => emptyColumn(text, column) ?? []);
  if (text === null || columns.length < found.length) return at;
  return { ...at, rewrite: addInSteps(text, columns, context) };
}

function emptyColumn(text: ColumnText, column: AddedColumn): EmptyColumn | null {
  const numbering = numberingOf(column);
  const type = text.typeSpan(column);
  if (numbering === null || type === null) return null;
  const { table, name } = column;
  const target = quoteIdentifier(name);
  const isSerial = numbering.kind === 'serial';
  // An identity makes a sequence of its own in the end, which may want the usual name.
  const sequence = quoteName({
    schema: table.schema,
    name: constraintName(table.name, [name], isSerial ? 'seq' : 'fill'),
  });
  const value = `nextval(${quoteLiteral(sequence)})`;
  const before = [`CREATE SEQUENCE ${sequence} AS ${numbering.type};`];
  const commands = [`ALTER COLUMN ${target} SET DEFAULT ${value}`];
  if (isSerial) {
    return {
      column,
      value,
      edits: [{ ...type, text: numbering.type }],
      before,
      commands,
      after: [`ALTER SEQUENCE ${sequence} OWNED BY ${quoteName(table)}.${target};`],
    };
  }
  const identity = text.behind(column, 'CONSTR_IDENTITY', 'generated');
  if (identity === null) return null;
  const own = `pg_get_serial_sequence(${quoteLiteral(quoteName(table))}, ${quoteLiteral(name)})`;
  return {
    column,
    value,
    before,
    commands,
    last: [
      `${text.head}ALTER COLUMN ${target} DROP DEFAULT, ALTER COLUMN ${target} ADD GENERATED ${identity};`,
      `SELECT setval(${own}, ${value}, false);`,
      `DROP SEQUENCE ${sequence};`,
    ],
  };
}
