import type { Session } from '../database/session.ts';
import type { FolderReading } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import { compareLedger } from '../ledger/compare-ledger.ts';
import { readLedger } from '../ledger/pg-ledger.ts';
import { readInvalidIndexes } from './invalid-indexes.ts';
import { selectMissing } from './plan-migrate.ts';

/**
 * After a run: every migration on disk (up to `--to`) must be in the ledger, read anew. Throws `verification-failed`.
 * @returns what is worth telling of the database as it is now: INVALID indexes.
 */
export async function verifyApplied(
  session: Session,
  reading: FolderReading,
  address: LedgerAddress,
  settings: MigrateSettings,
): Promise<readonly Finding[]> {
  const [{ ledger }, invalid] = await Promise.all([
    readLedger(session, address),
    readInvalidIndexes(session),
  ]);
  const missing = selectMissing(compareLedger(reading.folder, ledger, Date.now()), settings).map(
    ({ name }) => name,
  );
  if (missing.length === 0) return invalid;
  throw new CompanionError('verification-failed', {
    message: `After the run the ledger lacks ${missing.join(', ')}.`,
    hint: 'Another program changed the ledger while the lock was held, or a migration changed it itself.',
    fix: 'drizzle-companion status',
  });
}
