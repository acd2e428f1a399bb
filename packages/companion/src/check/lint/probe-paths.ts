import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locateRepository } from '../../git/locate-repository.ts';
import { findProject } from './find-project.ts';

/**
 * Is there such a file or directory? Counted from the migrations folder, and from every directory above it that is
 * part of the project: in a repository of many packages people write both. Undefined where there is no project.
 */
export function probePaths(folder: string): ((path: string) => boolean) | undefined {
  const root = locateRepository(folder)?.root ?? findProject(folder, undefined, folder);
  if (root === null) return undefined;
  const directories = listUpwards(folder, root);
  return (path) => directories.some((directory) => existsSync(join(directory, path)));
}

function listUpwards(from: string, root: string): readonly string[] {
  if (from === root || dirname(from) === from) return [from];
  return [from, ...listUpwards(dirname(from), root)];
}
