import type { StockVerdict } from '../kernel/comparison.ts';
import type { Ledger, LedgerRow } from '../kernel/ledger-row.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import { matchUpgrade } from './match-upgrade.ts';

/**
 * What drizzle's own migrator would do on this database, per migration. Pure.
 *
 * 0.x reads one row (`order by created_at desc limit 1`) and runs every journal entry that is newer: all the rest it
 * passes over in silence. 1.x runs each folder whose name is in no row.
 */
export function stockVerdict(
  folder: MigrationFolder,
  ledger: Ledger,
  rowOf: (migration: MigrationOnDisk) => LedgerRow | null,
): (migration: MigrationOnDisk) => StockVerdict {
  if (folder.layout === 'folders') {
    // Version 0 rows get their names at stock's own upgrade, whose rule is not quite `rowOf`'s.
    const named = ledger.version === 1 ? ledger.rows : matchUpgrade(ledger.rows, folder.migrations).names;
    const names = new Set(named.map((row) => row.name));
    return (migration) => (names.has(migration.name) ? 'applied' : 'would-apply');
  }
  const highWater = newestCreatedAt(ledger.rows);
  return (migration) => {
    if (highWater === null || highWater < migration.when) return 'would-apply';
    return rowOf(migration) === null ? 'would-skip' : 'applied';
  };
}

/** The row 0.x reads. An empty `created_at` sorts first in descending order, and drizzle takes it for 0. */
function newestCreatedAt(rows: readonly LedgerRow[]): number | null {
  if (rows.length === 0) return null;
  if (rows.some((row) => row.createdAt === null)) return 0;
  return rows.reduce((newest, row) => Math.max(newest, row.createdAt ?? 0), 0);
}
