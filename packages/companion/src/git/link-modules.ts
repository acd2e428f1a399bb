import {
  type Dirent,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export type LinkModulesInput = {
  /** The repository, and the checkout of it. Absolute. */
  readonly from: string;
  readonly to: string;
  /** Whose `node_modules` is linked, from the root. */
  readonly directory: string;
  /** Is this directory (from the root) a package of the repository's own? */
  readonly isOwn: (path: string) => boolean;
};

/**
 * Links the installed packages of one directory into a checkout. A link of the workspace, which leads to a package of
 * the repository, is turned to that package in the checkout: imported by its name it must be what is committed, too.
 * Returns these packages, from the root.
 */
export function linkModules({ from, to, directory, isOwn }: LinkModulesInput): readonly string[] {
  const source = join(from, directory, 'node_modules');
  const target = join(to, directory, 'node_modules');
  if (!isDirectory(source) || isDirectory(target)) return [];
  const own = new Map(
    listPackages(source).flatMap((name) => {
      const path = ownPackage(from, join(source, name));
      return path !== null && isOwn(path) ? [[name, path] as const] : [];
    }),
  );
  // Nearly always: one link, instead of thousands.
  if (own.size === 0) link(source, target);
  else linkEach(source, target, (name) => own.get(name), to);
  return [...own.values()];
}

function linkEach(
  source: string,
  target: string,
  ownPath: (name: string) => string | undefined,
  to: string,
): void {
  const scopes = new Set(listScopes(source));
  for (const name of [...readdirSync(source).filter((entry) => !scopes.has(entry)), ...listScoped(source)]) {
    const own = ownPath(name);
    link(own === undefined ? join(source, name) : join(to, own), join(target, name));
  }
}

/** Makes a link to a file or directory, with the directories above it. */
export function link(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  // Windows wants to know: a junction needs no right of its own.
  symlinkSync(source, target, isDirectory(source) ? 'junction' : 'file');
}

/** Links that lead into the repository, and not into a store of packages there. */
function ownPackage(root: string, path: string): string | null {
  const real = attempt(() => realpathSync(resolve(dirname(path), readlinkSync(path))));
  const way = real === null ? '..' : relative(realpathSync(root), real);
  const parts = way.split(sep);
  return parts[0] === '..' || parts.includes('node_modules') ? null : parts.join('/');
}

function listPackages(modules: string): readonly string[] {
  const names = children(modules).filter((child) => child.isSymbolicLink());
  return [...names.map((child) => child.name), ...listScoped(modules)];
}

function listScopes(modules: string): readonly string[] {
  return children(modules)
    .filter((child) => child.isDirectory() && child.name.startsWith('@'))
    .map((child) => child.name);
}

function listScoped(modules: string): readonly string[] {
  return listScopes(modules).flatMap((scope) =>
    readdirSync(join(modules, scope)).map((name) => `${scope}/${name}`),
  );
}

function children(directory: string): readonly Dirent[] {
  return readdirSync(directory, { withFileTypes: true });
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
