import { basename, dirname, join } from 'node:path';
import type { FileTree } from '../kernel/file-tree.ts';
import type { Finding } from '../kernel/finding.ts';
import { compareFolderNames } from './folder-name.ts';
import type { History, Snapshot } from './history.ts';
import { parseSnapshot } from './parse-snapshot.ts';

/** Adds the snapshots to a history. A snapshot is long (hundreds of kB), and its JSON is parsed once, here. */
export function readSnapshots(history: History, tree: FileTree): History {
  const owners = new Map<string, string>();
  for (const name of listMigrationNames(history)) owners.set(snapshotFile(history, name), name);
  const snapshots: Snapshot[] = [];
  const faults: Finding[] = [];
  for (const file of listSnapshotFiles(history, tree)) {
    const text = tree.read(file);
    if (text === null) continue;
    const parsed = parseSnapshot(text, file, owners.get(file) ?? null);
    if ('snapshot' in parsed) snapshots.push(parsed.snapshot);
    else faults.push(parsed.fault);
  }
  return { ...history, snapshots, faults: [...history.faults, ...faults] };
}

/**
 * Where drizzle-kit keeps the snapshot of a migration. In the journal layout it is named after the part of the tag
 * before its first `_`, so that two migrations with one number share one snapshot.
 */
export function snapshotFile({ path, layout }: History, migration: string): string {
  return layout === 'folders'
    ? join(path, migration, 'snapshot.json')
    : join(path, 'meta', `${migration.split('_')[0]}_snapshot.json`);
}

/** All that the history lists, in its order, whether the SQL is there or not. */
export function listMigrationNames({ journal, migrations, faults }: History): readonly string[] {
  if (journal) return journal.entries.map(({ tag }) => tag);
  // A folder whose name could not be read is a migration all the same, and its snapshot is no orphan.
  const unread = faults.flatMap(({ file }) =>
    file !== undefined && basename(file) === 'migration.sql' ? [basename(dirname(file))] : [],
  );
  return [...migrations.map(({ name }) => name), ...unread];
}

/** In drizzle-kit's own order. */
function listSnapshotFiles({ path, layout }: History, tree: FileTree): readonly string[] {
  if (layout === 'folders') {
    const folders = (tree.list(path) ?? []).filter(({ kind }) => kind === 'directory');
    return folders
      .map(({ name }) => name)
      .sort(compareFolderNames)
      .map((name) => join(path, name, 'snapshot.json'));
  }
  const meta = join(path, 'meta');
  return (tree.list(meta) ?? [])
    .filter(({ name, kind }) => kind === 'file' && !name.startsWith('_'))
    .map(({ name }) => join(meta, name))
    .sort();
}
