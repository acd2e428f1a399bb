import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChangedFile, NAME_STATUS, parseNameStatus } from './list-staged.ts';
import type { Git } from './open-git.ts';
import { pathspecs, toRepositoryPaths } from './repository-path.ts';

export type ListChangedOptions = {
  /** Directories (absolute). */
  readonly below: readonly string[];
  readonly judged: 'disk' | 'index';
};

/** Tracked files that differ between a commit and the disk, or the index, as git sees it: line endings converted. */
export async function listChanged(
  git: Git,
  commit: string,
  { below, judged }: ListChangedOptions,
): Promise<readonly ChangedFile[]> {
  const paths = pathspecs(toRepositoryPaths(git.root, below));
  if (judged === 'index') {
    const text = await git.run(['diff', '--cached', ...NAME_STATUS, commit, ...paths]);
    return parseNameStatus(git.root, text);
  }
  // `git diff` writes what it learns about unchanged files into the index, whatever GIT_OPTIONAL_LOCKS says.
  return withIndexCopy(git, async (index) => {
    const copied = { ...git.env, GIT_INDEX_FILE: index };
    return parseNameStatus(git.root, await git.run(['diff', ...NAME_STATUS, commit, ...paths], copied));
  });
}

async function withIndexCopy<T>({ gitDir, env }: Git, work: (index: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'drizzle-companion-index-'));
  try {
    const index = env.GIT_INDEX_FILE ?? join(gitDir, 'index');
    const copy = join(directory, 'index');
    if (existsSync(index)) copyFileSync(index, copy);
    return await work(copy);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
