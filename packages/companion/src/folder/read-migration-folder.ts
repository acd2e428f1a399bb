import { inspect } from 'node:util';
import { CompanionError } from '../kernel/errors.ts';
import type { MigrationFolder } from '../kernel/migration.ts';
import { DISK_TREE } from './disk-tree.ts';
import type { History } from './history.ts';
import { readMigrations } from './read-migrations.ts';
import { folderUnreadable } from './unreadable.ts';

export type FolderReading = {
  readonly folder: MigrationFolder;
  /** The same, for those who judge it; without snapshots, which no run needs. */
  readonly history: History;
};

/** Reads a migrations folder of either layout from disk, to run it. Throws `folder-unreadable`; `settings-invalid` for no path. */
export function readMigrationFolder(path: string): FolderReading {
  if (typeof path !== 'string' || path === '') {
    throw new CompanionError('settings-invalid', {
      message: `The option folder must be the path of the migrations folder, and is ${inspect(path)}.`,
    });
  }
  const history = readMigrations(path, DISK_TREE);
  const [first, ...others] = history.faults;
  if (first) throw folderUnreadable([first, ...others]);
  const { layout, migrations, missing } = history;
  return { folder: { path, layout, migrations, missing }, history };
}
