import { CompanionError } from '../kernel/errors.ts';
import type { Ledger, LedgerRow } from '../kernel/ledger-row.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';

/** Which name each version 0 row gets, and the rows that get none. */
export type UpgradeMatching = {
  readonly names: readonly { readonly id: string; readonly name: string }[];
  readonly unmatched: readonly LedgerRow[];
};

/**
 * drizzle-orm 1.x's own rule (`up-migrations/pg`): the time cut to the second; the hash where several folders share
 * that second, or none has it. Kept to the letter, so that either tool may do the upgrade. Pure.
 */
export function matchUpgrade(
  rows: readonly LedgerRow[],
  migrations: readonly MigrationOnDisk[],
): UpgradeMatching {
  const names: { id: string; name: string }[] = [];
  const unmatched: LedgerRow[] = [];
  for (const row of rows) {
    const second = row.createdAt === null ? null : Math.floor(row.createdAt / 1000) * 1000;
    const candidates = migrations.filter((migration) => migration.when === second);
    const sameHash = (migration: MigrationOnDisk) => migration.hash === row.hash;
    const match =
      candidates.length === 1
        ? candidates[0]
        : candidates.length > 1
          ? candidates.find(sameHash)
          : migrations.findLast(sameHash);
    if (match) names.push({ id: row.id, name: match.name });
    else unmatched.push(row);
  }
  return { names, unmatched };
}

/** Throws `ledger-refused` when the ledger needs the upgrade and a row of it matches no folder, as drizzle-orm 1.x does. */
export function refuseUpgrade(ledger: Ledger, folder: MigrationFolder): void {
  if (folder.layout !== 'folders' || ledger.version !== 0) return;
  const { unmatched } = matchUpgrade(ledger.rows, folder.migrations);
  if (unmatched.length === 0) return;
  throw new CompanionError('ledger-refused', {
    message: `The ledger ${ledger.schema}.${ledger.table} is still drizzle 0.x's, and ${unmatched.length} of its rows match no folder here (ids ${unmatched.map((row) => row.id).join(', ')}).`,
    hint: 'drizzle-orm 1.x refuses the same. Restore the migrations that were applied, or forget the rows that have no file.',
    fix: 'drizzle-companion repair --plan',
    state: ['Nothing was changed.'],
  });
}
