import type { ParseNode } from '../../sql/parser.ts';

/** Built-in functions that people put into defaults and that are not volatile, whatever their arguments. */
export const SETTLED_FUNCTIONS: ReadonlySet<string> = new Set([
  'abs',
  'array_fill',
  'array_to_json',
  'array_to_string',
  'ceil',
  'char_length',
  'concat',
  'concat_ws',
  'current_database',
  'current_schema',
  'current_setting',
  'date_part',
  'date_trunc',
  'decode',
  'encode',
  'extract',
  'floor',
  'format',
  'inet_client_addr',
  'int4range',
  'int8range',
  'daterange',
  'tsrange',
  'tstzrange',
  'json_build_array',
  'json_build_object',
  'jsonb_build_array',
  'jsonb_build_object',
  'left',
  'length',
  'lower',
  'make_date',
  'make_interval',
  'make_timestamp',
  'md5',
  'now',
  'replace',
  'right',
  'round',
  'sha256',
  'statement_timestamp',
  'timezone',
  'to_char',
  'to_date',
  'to_json',
  'to_jsonb',
  'to_number',
  'to_timestamp',
  'to_tsvector',
  'transaction_timestamp',
  'txid_current',
  'upper',
]);

/**
 * Might the expression answer otherwise for every row, so that a new column must be written into each? A function
 * that is not known to be settled counts as volatile: functions are, unless they are declared otherwise.
 */
export function mayBeVolatile(expression: unknown): boolean {
  if (Array.isArray(expression)) return expression.some(mayBeVolatile);
  if (typeof expression !== 'object' || expression === null) return false;
  return Object.entries(expression).some(
    ([key, value]) => (key === 'FuncCall' && !isSettled(value)) || mayBeVolatile(value),
  );
}

function isSettled({ funcname = [] }: { funcname?: readonly ParseNode[] }): boolean {
  const path = funcname.map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  const [name] = path.slice(-1);
  const builtIn = path.length === 1 || path[0] === 'pg_catalog';
  return builtIn && name !== undefined && SETTLED_FUNCTIONS.has(name);
}
