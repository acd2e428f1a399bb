import { dirname, join, resolve } from 'node:path';
import { CONFIG_NAMES, isFile } from '../../settings/find-config.ts';
import { COMPANION_CONFIG_NAMES } from '../../settings/load-companion-config.ts';

/** The nearest directory, from `from` upwards, with a config of either kind; nothing in it is read. */
export function findProject(from: string, config: string | undefined, cwd: string): string | null {
  if (config !== undefined) return dirname(resolve(cwd, config));
  const names = [...COMPANION_CONFIG_NAMES, ...CONFIG_NAMES];
  for (let directory = from; ; directory = dirname(directory)) {
    if (names.some((name) => isFile(join(directory, name)))) return directory;
    if (dirname(directory) === directory) return null;
  }
}
