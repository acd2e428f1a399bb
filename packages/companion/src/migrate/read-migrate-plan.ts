import { openSession, withTimeouts } from '../database/session.ts';
import { readMigrationFolder } from '../folder/read-migration-folder.ts';
import { DEFAULT_LEDGER } from '../kernel/ledger-row.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import { READ_TIMEOUTS } from '../status/read-status.ts';
import { completeSettings, type Prepared, prepareMigrate } from './prepare-migrate.ts';

/** What `migrate` would do now; takes no lock and changes nothing. */
export async function readMigratePlan(options: MigrateOptions): Promise<Prepared> {
  const settings = completeSettings(options);
  const reading = readMigrationFolder(options.folder);
  const { ledger = DEFAULT_LEDGER, signal, onEvent = () => undefined } = options;
  const session = await openSession(options, settings.waitMs, signal, onEvent);
  try {
    return await prepareMigrate(withTimeouts(session, READ_TIMEOUTS), reading, ledger, settings);
  } finally {
    await session.close();
  }
}
