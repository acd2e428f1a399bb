import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const NAME = 'drizzle-companion';

/**
 * Where what can be made again is kept: `node_modules/.cache` of the project, else the user's cache directory. Not made
 * here, and perhaps not writable: a cache that does not work must not stop anybody.
 */
export function cacheDirectory(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', NAME);
    if (dirname(at) === at) return join(userCache(), NAME);
  }
}

function userCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || join(homedir(), '.cache');
}
