import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CompanionError } from '../kernel/errors.ts';
import { findPackage, type InstalledPackage } from './find-package.ts';
import type { Misfit } from './shadow.ts';

/** A module to be imported, and the name of what it exports. */
export type ExtensionModule = { readonly url: string; readonly export: string };

/** PGlite as it will be started: found, and not loaded. */
export type FoundPglite = {
  readonly version: string;
  /** Of its entry. */
  readonly url: string;
  readonly extensions: readonly ExtensionModule[];
  /** All that its answers can depend on: the versions of it and of the extensions that are packages of their own. */
  readonly identity: string;
  readonly misfits: readonly Misfit[];
};

const NAME = '@electric-sql/pglite';

export { NAME as PGLITE };

/** Extensions that have a package of their own, beside PGlite's. */
const PACKAGES: Readonly<Record<string, string>> = {
  vector: '@electric-sql/pglite-pgvector',
  postgis: '@electric-sql/pglite-postgis',
  age: '@electric-sql/pglite-age',
  pgtap: '@electric-sql/pglite-pgtap',
  pg_hashids: '@electric-sql/pglite-pg_hashids',
  pg_ivm: '@electric-sql/pglite-pg_ivm',
  pg_textsearch: '@electric-sql/pglite-pg_textsearch',
  pg_uuidv7: '@electric-sql/pglite-pg_uuidv7',
};

/** Extensions whose bundle goes by the name of another. */
const BUNDLES: Readonly<Record<string, string>> = {
  autoinc: 'moddatetime',
  insert_username: 'moddatetime',
  refint: 'moddatetime',
};

/** What CREATE EXTENSION … CASCADE makes besides. */
const REQUIRED: Readonly<Record<string, string>> = { earthdistance: 'cube' };

/**
 * Finds PGlite in the first of `directories` that has it, with the extensions of those names that it has. One that the
 * extension packages are for goes before one that they are not for.
 * @throws CompanionError `shadow-unavailable` when it is not installed, or is none that we know.
 */
export function findPglite(directories: readonly string[], names: readonly string[]): FoundPglite {
  const packages = withRequired(names).flatMap((name) => {
    const own = PACKAGES[name] === undefined ? null : findPackage(PACKAGES[name], directories);
    return own === null ? [] : [{ name, own }];
  });
  const candidates = directories.flatMap((directory) => findPackage(NAME, [directory]) ?? []);
  const misfitsOf = (pglite: InstalledPackage) =>
    packages.flatMap(({ name, own }) => judgePeer(name, own, pglite) ?? []);
  const found = candidates.find((one) => misfitsOf(one).length === 0) ?? candidates[0] ?? null;
  if (found === null) {
    throw new CompanionError('shadow-unavailable', {
      message: 'PGlite, the shadow database that needs no server, is not installed.',
      hint: 'It is an optional dependency of drizzle-companion, and was left out. Install it, or name a server with --shadow-url.',
      fix: `npm install -D ${NAME}`,
    });
  }
  if (!found.version.startsWith('0.5.')) {
    throw new CompanionError('shadow-unavailable', {
      message: `PGlite ${found.version} is installed in ${found.home}, and drizzle-companion knows 0.5.`,
      fix: `npm install -D ${NAME}@0.5`,
    });
  }
  const identity = [`${NAME}@${found.version}`];
  const extensions: ExtensionModule[] = [];
  for (const name of withRequired(names)) {
    const own = packages.find((one) => one.name === name)?.own;
    const extension = own ? exportOf(own, join('dist', 'index.js'), name) : contrib(found, name);
    if (extension === null || extensions.some(({ url }) => url === extension.url)) continue;
    extensions.push(extension);
    if (own) identity.push(`${own.name}@${own.version}`);
  }
  const url = pathToFileURL(join(found.home, 'dist', 'index.js')).href;
  const misfits = misfitsOf(found);
  return { version: found.version, url, extensions, identity: identity.join(' '), misfits };
}

/** Null where the package is for this version, or for whichever its range may mean: `0.5.8`, `^0.5.8` and `~0.5.8` are read. */
function judgePeer(extension: string, own: InstalledPackage, { version }: InstalledPackage): Misfit | null {
  const range = /^([\^~]?)(\d+\.\d+)\.(\d+)$/.exec(own.peers[NAME] ?? '');
  if (range === null) return null;
  const [wanted, sign, minor, patch] = range;
  const [installedMinor, installedPatch] = [
    /^\d+\.\d+/.exec(version)?.[0],
    /^\d+\.\d+\.(\d+)/.exec(version)?.[1],
  ];
  const isFit =
    sign === '' ? version === wanted : installedMinor === minor && Number(installedPatch) >= Number(patch);
  if (isFit) return null;
  return { extension, package: own.name, version: own.version, wanted, installed: version };
}

/** The package that brings the extension to PGlite; null where there is none. */
export function packageOfExtension(name: string): string | null {
  return PACKAGES[name] ?? null;
}

function withRequired(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => [REQUIRED[name] ?? name, name]))].sort();
}

function contrib(pglite: InstalledPackage, name: string): ExtensionModule | null {
  const file = (BUNDLES[name] ?? name).replaceAll('-', '_');
  // It becomes a path.
  if (!/^\w+$/.test(file)) return null;
  return exportOf(pglite, join('dist', 'contrib', `${file}.js`), file);
}

function exportOf({ home }: InstalledPackage, path: string, name: string): ExtensionModule | null {
  const file = join(home, path);
  return existsSync(file) ? { url: pathToFileURL(file).href, export: name } : null;
}
