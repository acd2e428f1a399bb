import type { MigrateSettings } from './migrate-settings.ts';

/** Shorter than in a run: nobody shall wait long for what is thrown away. */
export const REHEARSAL_LOCK_TIMEOUT_MS = 2_000;

/** How `rehearse` behaves; all durations in milliseconds. */
export type RehearsalSettings = Pick<
  MigrateSettings,
  'to' | 'waitMs' | 'lockWaitMs' | 'lockTimeoutMs' | 'statementTimeoutMs' | 'maxTransactionAgeMs' | 'accept'
> & {
  /** Go on although other sessions work in the database: they will wait for what the rehearsal locks. */
  readonly evenIfBusy: boolean;
};
