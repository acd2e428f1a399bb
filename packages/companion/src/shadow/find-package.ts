import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An npm package as it is installed. Found without loading it. */
export type InstalledPackage = {
  readonly name: string;
  readonly version: string;
  /** Absolute. */
  readonly home: string;
  /** Its `peerDependencies`: version ranges by name. */
  readonly peers: Readonly<Record<string, string>>;
};

/** Where our own dependencies are. */
export const OWN_DIRECTORY = dirname(fileURLToPath(import.meta.url));

/** The package as a module in the first of `directories` that has it would load it; null where none has. */
export function findPackage(name: string, directories: readonly string[]): InstalledPackage | null {
  for (const directory of directories) {
    const home = findHome(name, directory);
    if (home === null) continue;
    const { version, peerDependencies = {} } = JSON.parse(
      readFileSync(join(home, 'package.json'), 'utf8'),
    ) as { version?: unknown; peerDependencies?: Record<string, string> };
    return { name, version: String(version), home, peers: peerDependencies };
  }
  return null;
}

/** Upwards by hand: `require.resolve` looks into NODE_PATH as well, and answers only to what `exports` names. */
function findHome(name: string, directory: string): string | null {
  if ('pnp' in process.versions) return findUnplugged(name, directory);
  for (let at = directory; ; at = dirname(at)) {
    const home = join(at, 'node_modules', name);
    if (existsSync(join(home, 'package.json'))) return realpathSync(home);
    if (dirname(at) === at) return null;
  }
}

function findUnplugged(name: string, directory: string): string | null {
  try {
    let at = createRequire(join(directory, 'index.js')).resolve(name);
    while (!existsSync(join(at, 'package.json'))) at = dirname(at);
    return at;
  } catch {
    return null;
  }
}
