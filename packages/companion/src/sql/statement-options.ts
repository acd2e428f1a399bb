import type { NodeOf, ParseNode } from './parser.ts';

/** The options in parentheses behind a command: `VACUUM (FULL)`, `REINDEX (CONCURRENTLY false)`. */
export type Options = readonly ParseNode[] | undefined;

export function optionOf(options: Options, name: string): NodeOf<'DefElem'> | undefined {
  for (const node of options ?? []) {
    if ('DefElem' in node && node.DefElem.defname === name) return node.DefElem;
  }
  return undefined;
}

/** As `defGetBoolean` reads it: an option without a value is on. `otherwise`: what holds where it is not there. */
export function isOn(options: Options, name: string, otherwise: boolean): boolean {
  const found = optionOf(options, name);
  if (found === undefined) return otherwise;
  const { arg } = found;
  if (arg === undefined) return true;
  if ('Boolean' in arg) return arg.Boolean.boolval === true;
  if ('Integer' in arg) return (arg.Integer.ival ?? 0) !== 0;
  return 'String' in arg && ['true', 'on'].includes((arg.String.sval ?? '').toLowerCase());
}
