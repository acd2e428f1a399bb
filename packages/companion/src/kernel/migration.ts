/** How drizzle-kit lays its folder out: 0.31 keeps a journal, 1.x a folder for each migration. */
export type Layout = 'journal' | 'folders';

/** One migration as it lies on disk. */
export type MigrationOnDisk = {
  /** The journal's tag (`0007_add_groups`), or the folder's name in the 1.x layout. */
  readonly name: string;
  /** The migration's place in time, in Unix milliseconds: the ledger's `created_at`. */
  readonly when: number;
  /** Hex SHA-256 of the file, as drizzle-orm's migrator computes it. */
  readonly hash: string;
  /** The file's text. */
  readonly sql: string;
  /** Absolute path of the SQL file. */
  readonly file: string;
};

/** A migrations folder, read once. `migrations` stand in the order in which they run. */
export type MigrationFolder = {
  /** Absolute path. */
  readonly path: string;
  readonly layout: Layout;
  readonly migrations: readonly MigrationOnDisk[];
  /** Journal entries whose file is not there: nothing to run, yet a ledger row may be theirs. */
  readonly missing: readonly { readonly name: string; readonly when: number }[];
};
