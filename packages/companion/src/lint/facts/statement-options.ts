import type { NodeOf, ParseNode } from '../../sql/parser.ts';

/** Is the option there, and not switched off? `VACUUM (FULL)`, `EXPLAIN (ANALYZE false)`. */
export function hasOption(options: readonly ParseNode[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => 'DefElem' in option && isOn(option.DefElem, name));
}

/** As `defGetBoolean` reads it: an option without a value is on. */
function isOn({ defname, arg }: NodeOf<'DefElem'>, name: string): boolean {
  if (defname !== name) return false;
  if (arg === undefined) return true;
  if ('Boolean' in arg) return arg.Boolean.boolval === true;
  if ('Integer' in arg) return (arg.Integer.ival ?? 0) !== 0;
  return 'String' in arg && ['true', 'on'].includes((arg.String.sval ?? '').toLowerCase());
}
