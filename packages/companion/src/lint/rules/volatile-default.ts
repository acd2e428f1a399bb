import { quoteIdentifier } from '../../sql/quote.ts';
import {
  type AddedColumn,
  addedColumns,
  constraintOfKind,
  placeOfColumns,
  readColumnText,
} from '../advice/added-columns.ts';
import { addInSteps } from '../advice/column-in-steps.ts';
import { knowType } from '../facts/known-type.ts';
import { showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { readTypeName } from '../facts/sql-type.ts';
import { isVolatile, type Verdict } from '../facts/volatility.ts';
import type { LintStatement } from '../migration.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const volatileDefault = defineRule({
  id: 'volatile-default',
  family: 'locking',
  level: 'error',
  title: 'ADD COLUMN writes the whole table anew when its default is another value for each row',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const { facts } = context;
    const judged = addedColumns(statement, facts).map((column) => ({ column, why: judge(column, facts) }));
    const certain = judged.filter(({ why }) => why === 'volatile' || why === 'domain');
    const found = (certain.length > 0 ? certain : judged.filter(({ why }) => why === 'unknown')).map(
      ({ column }) => column,
    );
    const [first] = found;
    if (first === undefined) return [];
    const why = judged.find(({ column }) => column === first)?.why ?? null;
    return [
      {
        statement,
        growsWith: first.table,
        ...(why === 'unknown' ? { level: 'warning' } : {}),
        message: `${describeReason(found, why)} ADD COLUMN then writes all of ${showName(first.table)} and its indexes anew under ACCESS EXCLUSIVE: every read and every write of ${showName(first.table)} waits until the last row is written.`,
        ...advise(statement, found, why, context),
      },
    ];
  },
});

type Reason = 'volatile' | 'domain' | 'unknown' | null;

function judge({ definition }: AddedColumn, facts: SchemaFacts): Reason {
  // They write every row, too, and are told of by rules of their own.
  const isOther = ['CONSTR_IDENTITY', 'CONSTR_GENERATED'] as const;
  if (isOther.some((kind) => constraintOfKind(definition, kind) !== null)) return null;
  const type = definition.typeName === undefined ? null : knowType(readTypeName(definition.typeName), facts);
  const value =
    constraintOfKind(definition, 'CONSTR_DEFAULT')?.raw_expr ??
    (type?.kind === 'domain' ? type.default : undefined);
  const verdict: Verdict = value === undefined ? false : isVolatile(value, facts);
  if (verdict === true) return 'volatile';
  if (type?.kind === 'domain' && type.constrained === true) return 'domain';
  return verdict === 'unknown' ? 'unknown' : null;
}

function describeReason(found: readonly AddedColumn[], why: Reason): string {
  const names = found.map(({ name }) => showIdentifier(name)).join(', ');
  if (why === 'domain')
    return `The domain of ${names} has a constraint, which every row must be shown to fulfil.`;
  const of = found.length > 1 ? 'Each default of' : 'The default of';
  if (why === 'volatile') return `${of} ${names} is another value for each row.`;
  return `${of} ${names} is another value for each row if a function in it is volatile, as all are that are not declared STABLE or IMMUTABLE; this one no migration declares.`;
}

function advise(
  statement: LintStatement,
  found: readonly AddedColumn[],
  why: Reason,
  context: RuleContext,
): Partial<Report> {
  const own = standalone(statement, context.parser);
  const text = readColumnText(own);
  const at = placeOfColumns(statement, text, found);
  if (why === 'domain') {
    return {
      ...at,
      hint: 'Give the column the type that the domain is made of, and put the constraint on the table: NOT VALID, then VALIDATE CONSTRAINT in a later migration.',
    };
  }
  const hint =
    'Add the column without a default, which is done in a moment, and SET DEFAULT behind it: that is for new rows alone. Fill the old rows in batches.';
  const columns = found.flatMap((column) => {
    const value = text?.behind(column, 'CONSTR_DEFAULT', 'default') ?? null;
    if (text === null || value === null) return [];
    const target = quoteIdentifier(column.name);
    return [{ column, value, commands: [`ALTER COLUMN ${target} SET DEFAULT ${value}`] }];
  });
  if (text === null || columns.length < found.length) return { ...at, hint };
  return { ...at, hint, rewrite: addInSteps(text, columns, context) };
}
