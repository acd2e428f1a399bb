import { DISK_TREE } from '../../folder/disk-tree.ts';
import type { History } from '../../folder/history.ts';
import { readMigrations } from '../../folder/read-migrations.ts';
import type { Base, NoBase } from '../../git/find-base.ts';
import type { Repository } from '../../git/repository.ts';
import { toRepositoryPath } from '../../git/repository-path.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { FileTree } from '../../kernel/file-tree.ts';

export type GitInput = {
  readonly repository: Repository;
  /** What is merged already, by any name git knows; null: the default branch of the remote. */
  readonly base: string | null;
  /** The branch that a pull request goes into, where the environment says so. */
  readonly target?: string | null;
  /** The migrations folder, where it lies in the working tree; absolute. */
  readonly folder: string;
  /** The working tree, or what the commit would contain. Default `disk`. */
  readonly judged?: 'disk' | 'index';
};

/** The base, with the migrations that it has and had. */
export type BaseReading = {
  readonly base: Base;
  /** The folder as git names it. */
  readonly path: string;
  /** Where the branch left the base, and on the base now; null where there are none. */
  readonly fork: History | null;
  readonly tip: History | null;
};

/** What others have of the folder, or why that cannot be told. */
export async function readBase(input: GitInput): Promise<BaseReading | NoBase> {
  const { repository, folder } = input;
  const path = toRepositoryPath(repository.root, folder);
  if (path === null)
    return { reason: `${folder} does not lie in the repository ${repository.root}`, kind: 'unknown' };
  const base = await findBaseOrHead(input);
  if ('reason' in base) return base;
  const reading = readCommit(repository, base.fork, folder);
  const [fork, tip] = await Promise.all([
    reading,
    base.tip === base.fork ? reading : readCommit(repository, base.tip, folder),
  ]);
  if (!isReadable(fork) || !isReadable(tip))
    return { reason: `the journal on ${base.name} cannot be read`, kind: 'unknown' };
  return { base, path, fork, tip };
}

/** The migrations that a commit has; null where it has none. */
export async function readCommit(
  repository: Repository,
  commit: string,
  folder: string,
): Promise<History | null> {
  return readIfThere(folder, await repository.readCommitTree(commit, { below: [folder], keep: isNeeded }));
}

/** The migrations that are judged; null where there are none. */
export async function readJudged({ repository, folder, judged }: GitInput): Promise<History | null> {
  const tree =
    judged === 'index' ? await repository.readIndexTree({ below: [folder], keep: isNeeded }) : DISK_TREE;
  return readIfThere(folder, tree);
}

/** A journal with conflict markers lists nothing; that is no deletion. */
export function isReadable(history: History | null): boolean {
  return history === null || history.layout === 'folders' || history.journal !== null;
}

async function findBaseOrHead({ repository, base, target, judged }: GitInput): Promise<Base | NoBase> {
  const found = await repository.findBase(base, target);
  if (!('reason' in found) || base !== null || judged !== 'index') return found;
  const head = await repository.resolveCommit('HEAD');
  return head === null ? found : { name: 'HEAD', tip: head, fork: head };
}

/** Snapshots are long, and nobody's database has seen them. */
function isNeeded(path: string): boolean {
  return path.endsWith('.sql') || path.endsWith('/_journal.json');
}

function readIfThere(folder: string, tree: FileTree): History | null {
  try {
    return readMigrations(folder, tree);
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') return null;
    throw error;
  }
}
