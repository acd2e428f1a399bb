import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import {
  type AddedColumn,
  addedColumns,
  constraintOfKind,
  placeOfColumns,
  readColumnText,
} from '../advice/added-columns.ts';
import { fillColumn, requireColumns } from '../advice/fill-column.ts';
import { constraintsOf } from '../facts/alter-commands.ts';
import { knowType } from '../facts/known-type.ts';
import { keyOfName, nameOfRelation, showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { integerOfSerial } from '../facts/serial-types.ts';
import { readTypeName } from '../facts/sql-type.ts';
import type { LintStatement } from '../migration.ts';
import { earlierInTransaction } from '../reading/same-transaction.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const addRequiredColumn = defineRule({
  id: 'add-required-column',
  family: 'locking',
  level: 'error',
  title: 'ADD COLUMN with NOT NULL and without a default fails on a table that has rows',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const { facts, migrations } = context;
    const found = addedColumns(statement, facts).filter(({ definition }) =>
      isEmptyAndRequired(definition, facts),
    );
    const [first] = found;
    if (first === undefined) return [];
    if (earlierInTransaction(statement, migrations).some((one) => empties(one, first))) return [];
    const table = showName(first.table);
    const names = found.map(({ name }) => showIdentifier(name));
    return [
      {
        statement,
        message: `PostgreSQL has no value for ${names.join(', ')} in the rows that ${table} has: with a single row in it, ADD COLUMN … NOT NULL fails (23502), and the migration with it. Code that runs during the deployment does not name ${found.length > 1 ? 'these columns' : 'the column'} either, and its inserts would fail.`,
        ...advise(statement, found, context),
      },
    ];
  },
});

/** Nothing that fills it: no default but NULL, no identity, no serial type, no domain that brings a default. */
function isEmptyAndRequired(definition: NodeOf<'ColumnDef'>, facts: SchemaFacts): boolean {
  const constraints = constraintsOf(definition);
  const isRequired = constraints.some(
    ({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY',
  );
  if (!isRequired) return false;
  const fills = constraints.some(
    ({ contype, raw_expr: value }) =>
      contype === 'CONSTR_GENERATED' ||
      contype === 'CONSTR_IDENTITY' ||
      (contype === 'CONSTR_DEFAULT' && value !== undefined && !isNull(value)),
  );
  if (fills || definition.typeName === undefined) return false;
  const type = readTypeName(definition.typeName);
  const known = knowType(type, facts);
  return integerOfSerial(type) === null && !(known.kind === 'domain' && known.default);
}

/** NULL, with or without a cast. */
function isNull(value: ParseNode): boolean {
  if ('TypeCast' in value) return value.TypeCast.arg !== undefined && isNull(value.TypeCast.arg);
  return 'A_Const' in value && value.A_Const.isnull === true;
}

/** TRUNCATE, or DELETE without WHERE: in the same transaction the table is still empty. */
function empties({ node }: LintStatement, { table }: AddedColumn): boolean {
  const relations =
    'TruncateStmt' in node
      ? (node.TruncateStmt.relations ?? []).flatMap((one) => ('RangeVar' in one ? [one.RangeVar] : []))
      : 'DeleteStmt' in node && node.DeleteStmt.whereClause === undefined
        ? [node.DeleteStmt.relation ?? {}]
        : [];
  return relations.some((relation) => keyOfName(nameOfRelation(relation)) === keyOfName(table));
}

function advise(
  statement: LintStatement,
  found: readonly AddedColumn[],
  { facts, parser, postgresVersion, runner }: RuleContext,
): Partial<Report> {
  const text = readColumnText(standalone(statement, parser));
  const at = placeOfColumns(statement, text, found);
  if (found.some(({ definition }) => constraintOfKind(definition, 'CONSTR_PRIMARY') !== null)) {
    return {
      ...at,
      hint: 'Add the column without PRIMARY KEY, fill it in batches, build a unique index with CONCURRENTLY, and make that the primary key: ADD CONSTRAINT … PRIMARY KEY USING INDEX.',
    };
  }
  const hint =
    'If one value is right for all rows that are there, give the column that DEFAULT: PostgreSQL notes it in the catalog and writes no row. Otherwise add it nullable, let the code fill it, fill the old rows in batches, and only then forbid NULL.';
  const [first] = found;
  if (text === null || first === undefined) return { ...at, hint };
  const { head } = text;
  const { table } = first;
  return {
    ...at,
    hint,
    rewrite: [
      { title: 'this migration', sql: text.without(found, ['CONSTR_NOTNULL', 'CONSTR_DEFAULT']) },
      ...found.map(({ name }) => fillColumn({ table, column: name, value: null }, facts)),
      ...requireColumns({ head, table, columns: found.map(({ name }) => name) }, { postgresVersion, runner }),
    ],
  };
}
