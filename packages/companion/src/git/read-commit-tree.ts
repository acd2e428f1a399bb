import type { FileTree } from '../kernel/file-tree.ts';
import { buildTree } from './build-tree.ts';
import { entryKind, splitOnce } from './list-index.ts';
import type { Git } from './open-git.ts';
import { type BlobEntry, readBlobs } from './read-blobs.ts';
import type { ReadTreeOptions } from './read-index-tree.ts';
import { pathspecs, toRepositoryPaths } from './repository-path.ts';

/** A commit as a tree, like `readIndexTree`. `commit` is a name that is known to be there. */
export async function readCommitTree(
  git: Git,
  commit: string,
  { below, keep }: ReadTreeOptions,
): Promise<FileTree> {
  const directories = toRepositoryPaths(git.root, below);
  if (directories.length === 0) return buildTree(git.root, [], []);
  const listed = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit, ...pathspecs(directories)]);
  const entries = parseTree(listed).filter(({ path }) => keep?.(path) ?? true);
  return buildTree(git.root, directories, await readBlobs(git, entries));
}

/** Reads `git ls-tree -r -z`: `<mode> <type> <id>`, a tab, the path. Submodules are left out. */
export function parseTree(text: string): readonly BlobEntry[] {
  return text
    .split('\0')
    .slice(0, -1)
    .map((line) => {
      const [facts, path] = splitOnce(line, '\t');
      const [mode, , id = ''] = facts.split(' ');
      return { path, id, kind: entryKind(mode) };
    })
    .filter(({ kind }) => kind !== 'submodule');
}
