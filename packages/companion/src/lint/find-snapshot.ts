import type { History } from '../folder/history.ts';
import { parseJson } from '../folder/parse-json.ts';
import { listMigrationNames, snapshotFile } from '../folder/read-snapshots.ts';
import type { FileTree } from '../kernel/file-tree.ts';

/**
 * drizzle-kit's picture of the schema before a migration: the newest snapshot that an earlier one has, parsed; null
 * without any. Where snapshots were not read with the history, this one alone is.
 */
export function findSnapshot(history: History, before: string, tree: FileTree): unknown {
  const names = listMigrationNames(history);
  const earlier = names.slice(0, Math.max(0, names.indexOf(before)));
  for (const name of earlier.toReversed()) {
    const known = history.snapshots?.find(({ migration }) => migration === name);
    if (known !== undefined) return known.content;
    if (history.snapshots !== null) continue;
    const text = tree.read(snapshotFile(history, name));
    const parsed = text === null ? null : parseJson(text);
    if (parsed !== null && 'value' in parsed) return parsed.value;
  }
  return null;
}
