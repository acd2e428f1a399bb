import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * An absolute path as git names it: from the repository's root, with slashes; '' is the root. Null outside of it.
 * The two may have come by different ways (`/tmp` is a link on macOS), and the file need not be on disk.
 */
export function toRepositoryPath(root: string, path: string): string | null {
  return within(root, path) ?? within(realPath(root), realPath(path));
}

function within(root: string, path: string): string | null {
  const way = relative(root, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return null;
  return way.split(sep).join('/');
}

/** The real path of what is there of it. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** Directories as git names them, without those that lie outside. */
export function toRepositoryPaths(root: string, directories: readonly string[]): readonly string[] {
  return directories.map((directory) => toRepositoryPath(root, directory)).filter((path) => path !== null);
}

/** As arguments for git. The root is everything; as a pathspec it would be empty, which git refuses. */
export function pathspecs(paths: readonly string[]): readonly string[] {
  return paths.includes('') ? [] : ['--', ...paths];
}
