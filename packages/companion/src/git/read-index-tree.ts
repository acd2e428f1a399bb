import { join } from 'node:path';
import type { FileTree } from '../kernel/file-tree.ts';
import { buildTree } from './build-tree.ts';
import { listIndex } from './list-index.ts';
import type { Git } from './open-git.ts';
import { readBlobs } from './read-blobs.ts';
import { toRepositoryPaths } from './repository-path.ts';

/** What the commit would contain. */
export type IndexTree = FileTree & {
  /** Files in conflict, absolute: git refuses to commit them; the tree has our side, or theirs where we deleted it. */
  readonly unmerged: readonly string[];
};

export type ReadTreeOptions = {
  /** Directories (absolute) whose files are read; nothing else of the repository can be asked for. */
  readonly below: readonly string[];
  /** Of these files, only those that it keeps (paths from the root); the tree then has no others. Default: all. */
  readonly keep?: (path: string) => boolean;
};

/**
 * The index as a tree: partially staged files as staged, no file of `git add --intent-to-add`, no submodules. Contents
 * are the blobs as they will be committed; what a checkout would make of their line endings is not applied.
 */
export async function readIndexTree(git: Git, { below, keep }: ReadTreeOptions): Promise<IndexTree> {
  const directories = toRepositoryPaths(git.root, below);
  const entries = (await listIndex(git, directories)).filter(
    ({ kind, path }) => kind !== 'submodule' && (keep?.(path) ?? true),
  );
  const unmerged = entries.filter((entry) => entry.unmerged).map((entry) => join(git.root, entry.path));
  return { ...buildTree(git.root, directories, await readBlobs(git, entries)), unmerged };
}
