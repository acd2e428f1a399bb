import { posix, relative, sep } from 'node:path';
import type { BaseComparison } from './base-comparison.ts';

/** The command that takes a file back from the base, whatever directory it is typed in. */
export function restoreCommand({ base, directory, folder }: BaseComparison, file: string): string {
  const path = `:/${posix.join(folder, relative(directory, file).split(sep).join('/'))}`;
  const shown = /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return `git restore --source=${base} --staged --worktree -- ${shown}`;
}
