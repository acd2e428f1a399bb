import type postgres from 'postgres';
import type { LedgerAddress } from './ledger-row.ts';
import type { MigrateSettings } from './migrate-settings.ts';
import type { RehearsalSettings } from './rehearsal-settings.ts';
import type { RunEvent } from './run-event.ts';

/**
 * Which database: a URL, or your own postgres.js client. Either way we open one connection of our own, with the client's
 * address, credentials and session settings, and close it again; the client itself is left as it is.
 */
export type DatabaseOption = { readonly url: string } | { readonly client: postgres.Sql };

/** What every reading call takes. */
export type ReadOptions = DatabaseOption & {
  /** The migrations folder, either layout. */
  readonly folder: string;
  /** Default `drizzle.__drizzle_migrations`. */
  readonly ledger?: LedgerAddress;
  /** How long to go on trying to reach the database, in ms. Default 0: one attempt. */
  readonly waitMs?: number;
  /** Aborting cancels the running statement; `reason` may be 'SIGINT' or 'SIGTERM'. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

export type MigrateOptions = ReadOptions & Partial<MigrateSettings>;

export type RehearseOptions = ReadOptions & Partial<RehearsalSettings>;
