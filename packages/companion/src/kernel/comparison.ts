import type { Finding } from './finding.ts';
import type { LedgerRow } from './ledger-row.ts';
import type { MigrationOnDisk } from './migration.ts';

/** docs/dictionary.md explains the words. */
export type MigrationState = 'applied' | 'pending' | 'gap' | 'edited' | 'retimed';

/** What drizzle's own migrator would do with the migration on this database. */
export type StockVerdict = 'applied' | 'would-apply' | 'would-skip';

export type ComparedMigration = {
  readonly migration: MigrationOnDisk;
  readonly state: MigrationState;
  /** The ledger row that is its own, if any. */
  readonly row: LedgerRow | null;
  readonly stockDrizzle: StockVerdict;
};

/** A ledger row that no migration on disk claims. */
export type Stray = { readonly row: LedgerRow; readonly state: 'stray' | 'ahead' | 'duplicate' };

/** Files held against the ledger. */
export type Comparison = {
  readonly migrations: readonly ComparedMigration[];
  readonly strays: readonly Stray[];
  readonly findings: readonly Finding[];
  readonly summary: {
    readonly applied: number;
    readonly pending: number;
    readonly gap: number;
    readonly edited: number;
    readonly retimed: number;
    readonly stray: number;
    readonly ahead: number;
    readonly duplicate: number;
  };
};
