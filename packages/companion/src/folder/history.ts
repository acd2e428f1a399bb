import type { Finding } from '../kernel/finding.ts';
import type { MigrationFolder } from '../kernel/migration.ts';

/** One entry of `meta/_journal.json` as drizzle-kit 0.31 writes it; `line` is where its tag stands. */
export type JournalEntry = {
  readonly idx: number;
  readonly when: number;
  readonly tag: string;
  readonly line: number;
};

/** drizzle-kit's picture of the schema after a migration. */
export type Snapshot = {
  /** Absolute path. */
  readonly file: string;
  /** The migration it belongs to; null for one that none claims, or while the journal cannot be read. */
  readonly migration: string | null;
  readonly text: string;
  readonly id: string;
  /** The snapshots it was made on: one in 0.31, one or more in 1.x. The first of all names `GENESIS`. */
  readonly prevIds: readonly string[];
  /** The parsed JSON. */
  readonly content: unknown;
};

/** A migrations folder with all that drizzle-kit keeps in it, as far as it could be read. */
export type History = MigrationFolder & {
  /** null in the 1.x layout, and when it could not be read. */
  readonly journal: {
    readonly file: string;
    readonly text: string;
    readonly entries: readonly JournalEntry[];
  } | null;
  /** Names of the `.sql` files directly in the folder. */
  readonly files: readonly string[];
  /** In drizzle-kit's order, which is that of their file names; null when they were not read. */
  readonly snapshots: readonly Snapshot[] | null;
  /** What could not be read at all: `history/unreadable`, `snapshots/unreadable`. */
  readonly faults: readonly Finding[];
};

/** The parent that the first snapshot of a history names. */
export const GENESIS = '00000000-0000-0000-0000-000000000000';
