import type { Finding } from '../../kernel/finding.ts';
import type { MigrationOnDisk } from '../../kernel/migration.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { CompanionSettings } from '../../settings/companion-config.ts';
import { isQuiet } from '../judge-findings.ts';

/** What a database was made by, as far as its ledger and the files tell. */
export type AppliedChain =
  | { readonly kind: 'chain'; readonly migrations: readonly MigrationOnDisk[] }
  /** Nothing is applied: there is nothing to compare with. */
  | { readonly kind: 'none' }
  /** What was applied is not what the files hold. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Rows whose SQL nobody has here, or no longer as it ran. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'ledger/foreign': 'the ledger is that of another project',
  'ledger/edited': 'was changed after it was applied',
  'ledger/stray': 'the ledger has rows that belong to no file',
  'ledger/ahead': 'the database is ahead of the files',
};

/**
 * The migrations that a database has applied, in their order. An exception for what is wrong with one says that its file is
 * to be taken as it is. Pure.
 */
export function chooseChain(status: StatusReport, companion: CompanionSettings): AppliedChain {
  const { comparison, ledger, folder, facts } = status;
  const unfinished = [...facts.values()].find(
    ({ name, finishedAt }) =>
      finishedAt === null &&
      comparison.migrations.some(({ migration, row }) => migration.name === name && row === null),
  );
  if (unfinished !== undefined) {
    const { name, statementsDone, statements } = unfinished;
    return unknown(
      `${name} is half done (${statementsDone} of ${statements} statements); migrate goes on with it`,
    );
  }
  const known = new Set(ledger.rows.map(({ createdAt }) => createdAt));
  const lost = folder.missing.find(({ name, when }) => known.has(when) && !companion.supersededBy.has(name));
  if (lost !== undefined) return unknown(`${lost.name} is applied, and its file is not there`);
  for (const [code, why] of Object.entries(UNKNOWN)) {
    const told = comparison.findings.filter(
      (finding) => finding.code === code && !isQuiet(finding, companion),
    );
    if (told.length > 0) return unknown(nameAll(told, why));
  }
  const migrations = comparison.migrations
    .filter(({ state }) => state === 'applied' || state === 'retimed' || state === 'edited')
    .map(({ migration }) => migration);
  return migrations.length === 0 ? { kind: 'none' } : { kind: 'chain', migrations };
}

function nameAll(told: readonly Finding[], why: string): string {
  const names = told.flatMap(({ migration }) => migration ?? []);
  if (names.length === 0) return why;
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more} ${names.length === 1 ? why : why.replace(/^was/, 'were')}`;
}

function unknown(why: string): AppliedChain {
  return {
    kind: 'unknown',
    reason: `the ledger was looked at; tables and the like cannot be compared with the migrations: ${why}`,
  };
}
