import type { LedgerAddress } from '../kernel/ledger-row.ts';

/** The variables that may name the database, in the order in which they are asked; `--url` comes before them. */
export const URL_VARIABLES = [
  'MIGRATION_DATABASE_URL',
  'DIRECT_URL',
  'DATABASE_URL_UNPOOLED',
  'DATABASE_URL',
] as const;

/** Where the database URL came from, for messages: `--url`, a variable's name, or `dbCredentials`. */
export type UrlSource = '--url' | (typeof URL_VARIABLES)[number] | 'dbCredentials';

/** The flags that settings are made of, as typed by the user. */
export type SettingsFlags = {
  readonly config?: string | undefined;
  readonly folder?: string | undefined;
  readonly url?: string | undefined;
  readonly ledger?: string | undefined;
};

/** A drizzle config as it was read: nothing in it is trusted yet. */
export type LoadedConfig = {
  /** Absolute path. */
  readonly file: string;
  readonly value: unknown;
};

/** Flags, environment and drizzle.config, parsed once, every fault told at once. */
export type ParsedSettings = {
  /** Absolute path of the migrations folder. */
  readonly folder: string;
  readonly ledger: LedgerAddress;
  /** Null when no source names one; commands that need a database say so with all the places they looked. */
  readonly url: { readonly value: string; readonly source: UrlSource } | null;
  /** Absolute path of the drizzle config that was read, or null when none was needed. */
  readonly configFile: string | null;
  /** That config as it was loaded, for what belongs to drizzle-kit; undefined where there is none. */
  readonly config: unknown;
};
