import { CompanionError } from '../../kernel/errors.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type CompareInput, compareTables } from './compare-tables.ts';

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

/** The migrations, held against the ledger, and what they make against what is there. Reads, and never creates anything. */
export async function diagnoseDatabase(
  asked: Promise<StatusReport>,
  input: CompareInput,
): Promise<Diagnosis> {
  // What is wrong with the files is told by the groups of the files.
  const findings: Diagnosis['findings'][number][] = [];
  try {
    const status = await asked;
    findings.push(...status.comparison.findings.filter(({ code }) => code.startsWith('ledger/')));
    const tables = await compareTables(status, input);
    return { ...tables, findings: [...findings, ...tables.findings] };
  } catch (error) {
    if (!(error instanceof CompanionError) || !UNREACHABLE.includes(error.code)) throw error;
    const { hint, fix } = error.fields;
    const reason = [error.message, hint, fix].filter((text) => text !== undefined).join(' ');
    return { findings, notChecked: [{ group: 'database', reason }], notes: [] };
  }
}
