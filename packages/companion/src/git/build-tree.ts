import { posix } from 'node:path';
import type { FileTree, TreeEntry } from '../kernel/file-tree.ts';
import { toRepositoryPath } from './repository-path.ts';

export type BlobFile = {
  /** As git names it: from the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** A symbolic link, whose text is the way to its target. */
  readonly link: boolean;
};

/**
 * A tree of what git holds below some directories. What git does not hold there is not there: ignored, untracked, or
 * outside of the repository. To ask for a place that was not read is our own mistake, and thrown.
 */
export function buildTree(root: string, below: readonly string[], files: readonly BlobFile[]): FileTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const directories = new Map<string, Map<string, TreeEntry>>();
  for (const { path } of files) addToParents(directories, path);

  const place = (path: string) => {
    const way = toRepositoryPath(root, path);
    if (way === null || below.some((directory) => isBelow(directory, way))) return way;
    throw new Error(`${path} was not read from git: ask for its directory`);
  };
  return {
    list: (directory) => {
      const way = place(directory);
      const entries = way === null ? undefined : directories.get(way);
      return entries ? [...entries.values()] : null;
    },
    read: (path) => {
      const way = place(path);
      const file = way === null ? undefined : follow(byPath, byPath.get(way));
      return file?.text ?? null;
    },
  };
}

export function isBelow(directory: string, path: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}

function addToParents(directories: Map<string, Map<string, TreeEntry>>, path: string): void {
  let kind: TreeEntry['kind'] = 'file';
  for (let child = path; child !== ''; kind = 'directory') {
    const parent = child.includes('/') ? posix.dirname(child) : '';
    const entries = directories.get(parent) ?? new Map<string, TreeEntry>();
    directories.set(parent, entries);
    const name = posix.basename(child);
    if (entries.has(name)) return;
    entries.set(name, { name, kind });
    child = parent;
  }
}

/** Links within what was read; one that leads elsewhere, or in a circle, leads nowhere. */
function follow(files: ReadonlyMap<string, BlobFile>, start: BlobFile | undefined): BlobFile | undefined {
  let file = start;
  for (let steps = 0; file?.link && steps < 40; steps += 1) {
    file = files.get(posix.join(posix.dirname(file.path), file.text));
  }
  return file?.link ? undefined : file;
}
