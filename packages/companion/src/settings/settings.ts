import type { LedgerAddress } from '../kernel/ledger-row.ts';

/** Where the database URL came from, for messages: `--url`, a variable's name, or `dbCredentials`. */
export type UrlSource =
  | '--url'
  | 'MIGRATION_DATABASE_URL'
  | 'DIRECT_URL'
  | 'DATABASE_URL_UNPOOLED'
  | 'DATABASE_URL'
  | 'dbCredentials';

/** Flags, environment and drizzle.config, parsed once, every fault told at once. */
export type ParsedSettings = {
  /** Absolute path of the migrations folder. */
  readonly folder: string;
  readonly ledger: LedgerAddress;
  /** Null when no source names one; commands that need a database say so with all the places they looked. */
  readonly url: { readonly value: string; readonly source: UrlSource } | null;
  /** Absolute path of the drizzle config that was read, or null when none was needed. */
  readonly configFile: string | null;
};

