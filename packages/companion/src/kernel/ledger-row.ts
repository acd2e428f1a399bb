/** Where drizzle's ledger lies; drizzle's own default is `drizzle.__drizzle_migrations`. */
export type LedgerAddress = { readonly schema: string; readonly table: string };

export const DEFAULT_LEDGER: LedgerAddress = { schema: 'drizzle', table: '__drizzle_migrations' };

/** One row of drizzle's ledger, whichever version of the table it came from. */
export type LedgerRow = {
  /** The serial `id`, as text: it is an identity, not a number to count with. */
  readonly id: string;
  readonly hash: string;
  /** Unix milliseconds; the column is nullable, and hand-made rows do leave it empty. */
  readonly createdAt: number | null;
  /** Version 1 only: the migration's folder name. */
  readonly name: string | null;
  /** Version 1 only: ISO 8601, null for rows that the upgrade from version 0 filled in. */
  readonly appliedAt: string | null;
};

/** The ledger as read. `version` is null while the table does not exist. */
export type Ledger = LedgerAddress & {
  readonly version: 0 | 1 | null;
  readonly rows: readonly LedgerRow[];
};
