import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';

/** The drizzle-kit that the project itself would run. */
export type InstalledKit = {
  readonly version: string;
  readonly major: 0 | 1;
  /** Absolute path of its programmatic entry. */
  readonly api: string;
};

const INSTALL = {
  hint: 'It belongs beside drizzle-orm, with the schema.',
  fix: 'npm install -D drizzle-kit',
};

/**
 * Finds drizzle-kit as a module in `directory` would, never ours: a snapshot is comparable only with what the same
 * version makes of the schema.
 * @throws CompanionError `settings-invalid` when there is none, or none that we know how to ask.
 */
export function findKit(directory: string): InstalledKit {
  const home = findPackage(directory);
  if (home === null) {
    throw new CompanionError('settings-invalid', {
      message: `drizzle-kit is not installed in ${directory}, and only it can say what the schema code means.`,
      ...INSTALL,
    });
  }
  const manifest = join(home, 'package.json');
  const version = String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version);
  const entry = entryOf(version);
  // A package finds its own entries by its own name.
  const api = entry === null ? null : attempt(() => createRequire(manifest).resolve(entry));
  if (api !== null) return { version, major: entry === 'drizzle-kit/api' ? 0 : 1, api };
  throw new CompanionError('settings-invalid', {
    message: `drizzle-kit ${version} cannot be asked for a snapshot: 0.31 and 1.x can.`,
    hint: 'Update it together with drizzle-orm.',
    fix: INSTALL.fix,
  });
}

/**
 * Upwards by hand: `require.resolve` looks into NODE_PATH as well, where pnpm's wrapper of our bin names a
 * directory with everybody's packages, and so perhaps another package's drizzle-kit.
 */
function findPackage(directory: string): string | null {
  const { resolve } = createRequire(join(directory, 'drizzle.config.js'));
  if ('pnp' in process.versions) {
    const main = attempt(() => resolve('drizzle-kit'));
    return main === null ? null : dirname(main);
  }
  for (let at = directory; ; at = dirname(at)) {
    const home = join(at, 'node_modules', 'drizzle-kit');
    if (existsSync(join(home, 'package.json'))) return realpathSync(home);
    if (dirname(at) === at) return null;
  }
}

function entryOf(version: string): string | null {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number);
  if (major === 0 && minor >= 31) return 'drizzle-kit/api';
  return major === 1 ? 'drizzle-kit/api-postgres' : null;
}

function attempt(resolve: () => string): string | null {
  try {
    return resolve();
  } catch {
    return null;
  }
}
