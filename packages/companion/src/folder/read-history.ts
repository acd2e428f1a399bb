import type { FileTree } from '../kernel/file-tree.ts';
import type { History } from './history.ts';
import { readMigrations } from './read-migrations.ts';
import { readSnapshots } from './read-snapshots.ts';

export type { History, JournalEntry, Snapshot } from './history.ts';

/**
 * Reads a migrations folder whole, wherever it stands, and tells what could not be read in `faults`.
 * Throws `folder-unreadable` when there is no folder, or nothing of drizzle's in it.
 */
export function readHistory(path: string, tree: FileTree): History {
  return readSnapshots(readMigrations(path, tree), tree);
}
