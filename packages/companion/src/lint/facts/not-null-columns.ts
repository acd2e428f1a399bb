import type { ParseNode } from '../../sql/parser.ts';

/** Columns that cannot be null where the condition holds: those that a top-level AND tests with IS NOT NULL. */
export function notNullColumns(condition: ParseNode | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ('BoolExpr' in condition) {
    const { boolop, args = [] } = condition.BoolExpr;
    return boolop === 'AND_EXPR' ? args.flatMap(notNullColumns) : [];
  }
  if (!('NullTest' in condition)) return [];
  const { nulltesttype, arg } = condition.NullTest;
  if (nulltesttype !== 'IS_NOT_NULL' || arg === undefined || !('ColumnRef' in arg)) return [];
  const last = arg.ColumnRef.fields?.at(-1);
  return last !== undefined && 'String' in last ? [last.String.sval ?? ''] : [];
}
