import { hashMatchesOtherLineEndings } from '../folder/hash-migration.ts';
import type { Ledger, LedgerRow } from '../kernel/ledger-row.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import { matchUpgrade } from './match-upgrade.ts';

/** How a row was recognised as a migration's own. */
export type MatchKind = 'same' | 'line-endings' | 'edited' | 'retimed';

export type RowMatching = {
  readonly matches: ReadonlyMap<MigrationOnDisk, { readonly row: LedgerRow; readonly kind: MatchKind }>;
  /** Further rows of a migration that has one. `exact` when the content is the same: it merely ran or was recorded twice. */
  readonly duplicates: readonly {
    readonly row: LedgerRow;
    readonly migration: MigrationOnDisk;
    readonly exact: boolean;
  }[];
  readonly unmatched: readonly LedgerRow[];
};

/**
 * Finds each ledger row's migration: by name (version 1), then by time and hash, then by time, then by hash.
 * Surer evidence goes first over all rows, so that a weak match never takes a migration from a strong one. Pure.
 */
export function matchRows(folder: MigrationFolder, ledger: Ledger): RowMatching {
  const matches = new Map<MigrationOnDisk, { row: LedgerRow; kind: MatchKind }>();
  const duplicates: { row: LedgerRow; migration: MigrationOnDisk; exact: boolean }[] = [];
  const byName = new Map(folder.migrations.map((migration) => [migration.name, migration]));
  const nameOf = namesAfterUpgrade(folder, ledger);
  const byWhen = groupBy(folder.migrations, (migration) => migration.when);
  const byHash = groupBy(folder.migrations, (migration) => migration.hash);
  const atTimeOf = (row: LedgerRow) =>
    row.createdAt === null ? [] : (byWhen.get(timeOf(row.createdAt, folder)) ?? []);

  const claim = (
    row: LedgerRow,
    candidates: readonly MigrationOnDisk[],
    kindOf: (m: MigrationOnDisk) => MatchKind,
  ) => {
    const migration = candidates.find((candidate) => !matches.has(candidate)) ?? candidates[0];
    if (!migration) return false;
    if (matches.has(migration)) duplicates.push({ row, migration, exact: row.hash === migration.hash });
    else matches.set(migration, { row, kind: kindOf(migration) });
    return true;
  };
  const contentKind =
    (row: LedgerRow) =>
    (migration: MigrationOnDisk): MatchKind => {
      if (row.hash === migration.hash) return 'same';
      return hashMatchesOtherLineEndings(migration.sql, row.hash) ? 'line-endings' : 'edited';
    };

  const passes: ((row: LedgerRow) => boolean)[] = [
    (row) => {
      const name = nameOf(row);
      const named = name === null ? undefined : byName.get(name);
      return named !== undefined && claim(row, [named], contentKind(row));
    },
    (row) =>
      claim(
        row,
        atTimeOf(row).filter((migration) => migration.hash === row.hash),
        () => 'same',
      ),
    (row) => claim(row, atTimeOf(row), contentKind(row)),
    (row) => claim(row, byHash.get(row.hash) ?? [], () => 'retimed'),
  ];
  const unmatched = passes.reduce<readonly LedgerRow[]>(
    (left, pass) => left.filter((row) => !pass(row)),
    ledger.rows,
  );
  return { matches, duplicates, unmatched };
}

/** A version 0 row under the 1.x layout counts as what drizzle's upgrade will name it. */
function namesAfterUpgrade(folder: MigrationFolder, ledger: Ledger): (row: LedgerRow) => string | null {
  if (folder.layout !== 'folders' || ledger.version !== 0) return (row) => row.name;
  const names = new Map(matchUpgrade(ledger.rows, folder.migrations).names.map(({ id, name }) => [id, name]));
  return (row) => names.get(row.id) ?? null;
}

/** A 1.x folder name holds whole seconds, and rows written under the journal layout milliseconds. */
function timeOf(createdAt: number, folder: MigrationFolder): number {
  return folder.layout === 'folders' ? Math.floor(createdAt / 1000) * 1000 : createdAt;
}

function groupBy<K>(
  migrations: readonly MigrationOnDisk[],
  key: (migration: MigrationOnDisk) => K,
): ReadonlyMap<K, readonly MigrationOnDisk[]> {
  const groups = new Map<K, MigrationOnDisk[]>();
  for (const migration of migrations) {
    const group = groups.get(key(migration));
    if (group) group.push(migration);
    else groups.set(key(migration), [migration]);
  }
  return groups;
}
