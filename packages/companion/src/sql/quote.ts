import { CompanionError } from '../kernel/errors.ts';

/** `name` as a quoted identifier. Throws `usage-invalid` on what PostgreSQL cannot name: empty, or with NUL. */
export function quoteIdentifier(name: string): string {
  if (name === '')
    throw new CompanionError('usage-invalid', { message: 'An SQL identifier cannot be empty.' });
  refuseNul(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, both quoted; the name alone when there is no schema. */
export function quoteQualified(schema: string | null, name: string): string {
  return schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** `value` as a string constant that means the same whatever `standard_conforming_strings` says. */
export function quoteLiteral(value: string): string {
  refuseNul(value);
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

function refuseNul(text: string): void {
  if (!text.includes('\0')) return;
  throw new CompanionError('usage-invalid', { message: 'PostgreSQL text cannot hold a NUL character.' });
}
