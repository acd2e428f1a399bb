import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** In the order in which they are looked for within one directory. */
export const CONFIG_NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (end) => `drizzle.config.${end}`,
);

/** Absolute path of the nearest drizzle config from `from` upwards, or null when there is none up to the root. */
export function findConfig(from: string): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const found = CONFIG_NAMES.map((name) => join(directory, name)).find(isFile);
    if (found !== undefined) return found;
    if (dirname(directory) === directory) return null;
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
