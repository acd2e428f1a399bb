import { CompanionError } from '../../kernel/errors.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { Diagnosis } from '../diagnosis.ts';

/** What stands between us and a look: told beside the other groups, not instead of them. */
const UNREACHABLE = [
  'database-unreachable',
  'login-refused',
  'database-missing',
  'connection-lost',
  'permission-denied',
  'pooler-refused',
  'folder-unreadable',
];

const NOTE =
  'Of the database, the ledger was looked at. Whether its tables are what the migrations make is not looked at in this version.';

/** The migrations, held against the ledger. Reads, and never creates anything. */
export async function diagnoseDatabase(status: Promise<StatusReport>): Promise<Diagnosis> {
  try {
    const { comparison } = await status;
    // What is wrong with the files is told by the groups of the files.
    const findings = comparison.findings.filter(({ code }) => code.startsWith('ledger/'));
    return { findings, notChecked: [], notes: [NOTE] };
  } catch (error) {
    if (!(error instanceof CompanionError) || !UNREACHABLE.includes(error.code)) throw error;
    return { findings: [], notChecked: [{ group: 'database', reason: error.message }], notes: [] };
  }
}
