import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';
import { isBelow } from './build-tree.ts';
import { link, linkModules } from './link-modules.ts';
import { listIndex } from './list-index.ts';
import { onInterruption } from './on-interruption.ts';
import type { Git } from './open-git.ts';
import type { Repository } from './repository.ts';
import { toRepositoryPaths } from './repository-path.ts';

export type StagedCheckoutOptions = {
  /**
   * Directories (absolute) that are needed; the repository's root for all. Packages of the workspace that they import
   * by name come along, and so do the JSON files above them (package.json, tsconfig.json).
   */
  readonly paths: readonly string[];
};

/**
 * Gives `work` a directory outside of the repository with the files that the commit would contain, written as a
 * checkout would write them; a file lies there where it lies in the repository. What git ignores (installed packages,
 * generated code, .env) and submodules are linked into place. Removed afterwards, also when the process is interrupted.
 */
export async function withStagedCheckout<T>(
  { root, git }: Pick<Repository, 'root' | 'git'>,
  { paths }: StagedCheckoutOptions,
  work: (root: string) => Promise<T>,
): Promise<T> {
  // The real path, because imports are resolved to it.
  const checkout = mkdtempSync(join(realpathSync(tmpdir()), 'drizzle-companion-staged-'));
  // Links are removed, never what they lead to.
  const remove = () => rmSync(checkout, { recursive: true, force: true });
  const forget = onInterruption(remove);
  try {
    await fill(git, checkout, toRepositoryPaths(root, paths));
    return await work(checkout);
  } finally {
    forget();
    remove();
  }
}

async function fill(git: Git, checkout: string, paths: readonly string[]): Promise<void> {
  const index = (await listIndex(git, [''])).filter((entry) => !entry.unmerged);
  const tracked = index.filter((entry) => entry.kind !== 'submodule').map((entry) => entry.path);
  const isOwn = (path: string) => tracked.some((file) => isBelow(path, file));

  const directories = new Set<string>();
  let left = tracked;
  for (let wanted = paths; wanted.length > 0; ) {
    const isWanted = (file: string) => wanted.some((path) => isBelow(path, file) || isJsonAbove(path, file));
    const files = left.filter(isWanted);
    left = left.filter((file) => !isWanted(file));
    await checkOut(git, checkout, files);
    const fresh = files.flatMap(parents).filter((directory) => !directories.has(directory));
    const packages: string[] = [];
    for (const directory of new Set(fresh)) {
      directories.add(directory);
      packages.push(...linkModules({ from: git.root, to: checkout, directory, isOwn }));
    }
    wanted = packages.filter((path) => left.some((file) => isBelow(path, file)));
  }

  const submodules = index.filter((entry) => entry.kind === 'submodule').map((entry) => entry.path);
  for (const path of [...(await listIgnored(git)), ...submodules]) {
    const needed = directories.has(parent(path)) && basename(path) !== 'node_modules';
    if (needed) link(join(git.root, path), join(checkout, path));
  }
}

/** Without `--index` git leaves the index alone. */
async function checkOut(git: Git, checkout: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  await git.feed(
    ['checkout-index', '--quiet', '-z', '--stdin', `--prefix=${checkout}/`],
    files.map((file) => `${file}\0`).join(''),
  );
}

/** A directory of which everything is ignored is told as one. */
async function listIgnored(git: Git): Promise<readonly string[]> {
  const listed = await git.run([
    'ls-files',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--directory',
    '-z',
  ]);
  return listed
    .split('\0')
    .slice(0, -1)
    .map((path) => path.replace(/\/$/, ''));
}

/** Settings that reach down to a directory: package.json says what a module is, tsconfig.json what a path means. */
function isJsonAbove(path: string, file: string): boolean {
  return file.endsWith('.json') && isBelow(parent(file), path);
}

function parent(path: string): string {
  return path.includes('/') ? posix.dirname(path) : '';
}

/** The directories that a file lies in, up to the root. */
function parents(file: string): readonly string[] {
  const all: string[] = [];
  for (let directory = parent(file); ; directory = parent(directory)) {
    all.push(directory);
    if (directory === '') return all;
  }
}
