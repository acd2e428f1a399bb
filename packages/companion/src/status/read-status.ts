import { diagnoseForRun } from '../check/diagnose-history.ts';
import { openSession, type Session, withTimeouts } from '../database/session.ts';
import { type FolderReading, readMigrationFolder } from '../folder/read-migration-folder.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import type { ReadOptions } from '../kernel/options.ts';
import type { StatusReport } from '../kernel/status.ts';
import { compareLedger } from '../ledger/compare-ledger.ts';
import { readLedger } from '../ledger/pg-ledger.ts';

/** Reading never waits long for anything: it takes no lock but the one every SELECT takes. */
export const READ_TIMEOUTS = { lockTimeoutMs: 3_000, statementTimeoutMs: 30_000 };

/** Files × journal × ledger × database, at this moment. Changes nothing: never creates a schema or a table. */
export async function readStatus(options: ReadOptions): Promise<StatusReport> {
  const reading = readMigrationFolder(options.folder);
  const onEvent = options.onEvent ?? (() => undefined);
  const session = await openSession(options, options.waitMs ?? 0, options.signal, onEvent);
  try {
    return await readStatusWith(
      withTimeouts(session, READ_TIMEOUTS),
      reading,
      options.ledger ?? DEFAULT_LEDGER,
    );
  } finally {
    await session.close();
  }
}

/** The same over a session that is open. */
export async function readStatusWith(
  session: Session,
  reading: FolderReading,
  address: LedgerAddress,
): Promise<StatusReport> {
  const { ledger, facts } = await readLedger(session, address);
  const now = Date.now();
  const comparison = compareLedger(reading.folder, ledger, now);
  const history = diagnoseForRun(reading.history, now);
  return {
    database: session.facts.identity,
    ledger,
    folder: reading.folder,
    comparison: { ...comparison, findings: [...history, ...comparison.findings] },
    facts,
  };
}
