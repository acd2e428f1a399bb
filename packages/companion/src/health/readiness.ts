import { CompanionError } from '../kernel/errors.ts';
import type { ReadOptions } from '../kernel/options.ts';
import type { Readiness, StatusReport } from '../kernel/status.ts';
import { readStatus } from '../status/read-status.ts';

/** Is every migration on disk applied? Throws when that cannot be told: database unreachable, folder unreadable. */
export async function readiness(options: ReadOptions): Promise<Readiness> {
  return judgeReadiness(await readStatus(options));
}

/** The same, for the start of an application: throws `problems-found` unless ready. */
export async function assertMigrated(options: ReadOptions): Promise<void> {
  const verdict = await readiness(options);
  if (verdict.ready) return;
  throw new CompanionError('problems-found', { message: verdict.reason, fix: 'drizzle-companion migrate' });
}

/**
 * Ready when the applied set holds the set on disk. A ledger that is ahead is ready, too: during a rolling deploy the
 * older release must go on serving. Pure.
 */
export function judgeReadiness(status: StatusReport): Readiness {
  const { migrations, summary } = status.comparison;
  const missing = migrations.filter(({ row }) => row === null).map(({ migration }) => migration.name);
  const edited = migrations.filter(({ state }) => state === 'edited').map(({ migration }) => migration.name);
  const applied = migrations.length - missing.length;
  const files = status.folder.missing.map((migration) => migration.name);
  if (migrations.length === 0 && status.ledger.rows.length > 0) {
    // An image built without its migrations: nothing is missing from an empty set.
    return {
      ready: false,
      applied,
      missing,
      reason: 'There are no migrations on disk, and the ledger has rows.',
    };
  }
  if (files.length > 0)
    return {
      ready: false,
      applied,
      missing,
      reason: `${listed(files)} stands in the journal, and its file is not there.`,
    };
  if (missing.length > 0) {
    return {
      ready: false,
      applied,
      missing,
      reason: `${missing.length} of ${migrations.length} migrations not applied: ${listed(missing)}.`,
    };
  }
  if (edited.length > 0)
    return { ready: false, applied, missing, reason: `Changed after being applied: ${listed(edited)}.` };
  const ahead = summary.ahead > 0 ? `, and the database is ${summary.ahead} ahead` : '';
  const all = migrations.length === 1 ? 'The one migration is' : `All ${migrations.length} migrations are`;
  return { ready: true, applied, missing, reason: `${all} applied${ahead}.` };
}

function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
