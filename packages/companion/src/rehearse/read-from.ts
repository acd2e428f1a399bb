import type { History } from '../folder/history.ts';
import { readMigrations } from '../folder/read-migrations.ts';
import { findRepository, type Repository } from '../git/repository.ts';
import { toRepositoryPath } from '../git/repository-path.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { FileTree } from '../kernel/file-tree.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';

/** What the commit has whose migrations are to run first. Lists are in the order in which migrations run. */
export type From = {
  /** As the user says it: `origin/main`. */
  readonly name: string;
  /** The migrations folder: absolute, and as git names it. */
  readonly directory: string;
  readonly path: string;
  /** Empty where it has no such folder. */
  readonly migrations: readonly MigrationOnDisk[];
  /** Where the branch left it; null where git cannot tell. */
  readonly fork: readonly MigrationOnDisk[] | null;
};

/** @throws CompanionError `usage-invalid` when git knows no commit of that name. */
export async function readFrom(ref: string, folder: string): Promise<From> {
  const repository = await findRepository(folder);
  if ('reason' in repository) {
    throw new CompanionError('usage-invalid', { message: `--from ${ref}: ${repository.reason}.` });
  }
  const base = await repository.findBase(ref);
  // A commit that has nothing in common with this branch, or a shallow clone, will do while its migrations are all here.
  const tip = 'reason' in base ? await repository.resolveCommit(ref) : base.tip;
  if (tip === null) {
    throw new CompanionError('usage-invalid', {
      message: `--from ${ref}: ${'reason' in base ? base.reason : 'git knows no such commit'}.`,
    });
  }
  const migrations = await readCommit(repository, tip, folder);
  const path = toRepositoryPath(repository.root, folder) ?? '';
  const told = { directory: folder, path, migrations };
  if ('reason' in base) return { ...told, name: ref, fork: null };
  const fork = base.fork === tip ? migrations : await readCommit(repository, base.fork, folder);
  return { ...told, name: base.name, fork };
}

async function readCommit(
  repository: Repository,
  commit: string,
  folder: string,
): Promise<readonly MigrationOnDisk[]> {
  const history = readIfThere(
    folder,
    await repository.readCommitTree(commit, { below: [folder], keep: isNeeded }),
  );
  const [fault] = history?.faults ?? [];
  if (fault === undefined) return history?.migrations ?? [];
  throw new CompanionError('usage-invalid', {
    message: `The migrations of the commit ${commit.slice(0, 12)} cannot be read: ${fault.message}`,
  });
}

function readIfThere(folder: string, tree: FileTree): History | null {
  try {
    return readMigrations(folder, tree);
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') return null;
    throw error;
  }
}

function isNeeded(path: string): boolean {
  return path.endsWith('.sql') || path.endsWith('/_journal.json');
}
