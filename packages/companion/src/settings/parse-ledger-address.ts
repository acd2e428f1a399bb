import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';

/** PostgreSQL cuts longer names silently (NAMEDATALEN), and the ledger would then not be found again. */
const LONGEST_NAME_BYTES = 63;

const NAME = String.raw`"(?:[^"]|"")+"|[^".\s]+`;
const ADDRESS = new RegExp(String.raw`^\s*(?:(${NAME})\.)?(${NAME})\s*$`);

/**
 * `schema.table`, or `table` alone in drizzle's own schema. Names with a dot or a space stand in double
 * quotes. Case is kept, quoted or not: drizzle always quotes the ledger's name.
 * @returns null when the text is no such address.
 */
export function parseLedgerAddress(text: string): LedgerAddress | null {
  const match = ADDRESS.exec(text);
  if (match === null) return null;
  const schema = match[1] === undefined ? DEFAULT_LEDGER.schema : unquote(match[1]);
  const table = unquote(match[2] ?? '');
  return isName(schema) && isName(table) ? { schema, table } : null;
}

/** May PostgreSQL keep an identifier like this, whole? */
export function isName(text: string): boolean {
  return text !== '' && !text.includes('\0') && Buffer.byteLength(text) <= LONGEST_NAME_BYTES;
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
