import { readMigrations } from '../folder/read-migrations.ts';
import { findRepository } from '../git/repository.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';

/**
 * The migrations that a commit has, in the order in which they run; none where it has no such folder.
 * @throws CompanionError `usage-invalid` when git knows no commit of that name.
 */
export async function readFrom(ref: string, folder: string): Promise<readonly MigrationOnDisk[]> {
  const repository = await findRepository(folder);
  if ('reason' in repository) {
    throw new CompanionError('usage-invalid', { message: `--from ${ref}: ${repository.reason}.` });
  }
  const commit = await repository.resolveCommit(ref);
  if (commit === null) {
    throw new CompanionError('usage-invalid', {
      message: `--from ${ref}: git knows no such commit here.`,
      hint: 'In CI the checkout may be shallow: fetch the whole history (actions/checkout with fetch-depth: 0).',
    });
  }
  const tree = await repository.readCommitTree(commit, { below: [folder], keep: isNeeded });
  try {
    return readMigrations(folder, tree).migrations;
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') return [];
    throw error;
  }
}

function isNeeded(path: string): boolean {
  return path.endsWith('.sql') || path.endsWith('/_journal.json');
}
