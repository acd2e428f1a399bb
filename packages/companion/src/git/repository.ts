import type { FileTree } from '../kernel/file-tree.ts';
import { type Base, findBase, type NoBase, resolveCommit } from './find-base.ts';
import { type ListChangedOptions, listChanged } from './list-changed.ts';
import { type ChangedFile, listStaged } from './list-staged.ts';
import { locateRepository, type RepositoryPlace } from './locate-repository.ts';
import { type Git, openGit } from './open-git.ts';
import { readCommitTree } from './read-commit-tree.ts';
import { type IndexTree, type ReadTreeOptions, readIndexTree } from './read-index-tree.ts';
import { GitFailure, runGit } from './run-git.ts';

/** A repository with a working tree. Everything here reads; neither index nor working tree is touched, ever. */
export type Repository = {
  /** Absolute path of the working tree. */
  readonly root: string;
  readonly git: Git;
  /** What the commit would contain below some directories. */
  readIndexTree(options: ReadTreeOptions): Promise<IndexTree>;
  /** What a commit contains below some directories. */
  readCommitTree(commit: string, options: ReadTreeOptions): Promise<FileTree>;
  listStaged(): Promise<readonly ChangedFile[]>;
  /** Tracked files that differ between a commit and the disk, or the index. */
  listChanged(commit: string, options: ListChangedOptions): Promise<readonly ChangedFile[]>;
  /** The commit that a name stands for; null when it stands for none. */
  resolveCommit(name: string): Promise<string | null>;
  /** `target`: the branch that a pull request goes into, where the environment says so. */
  findBase(asked: string | null, target?: string | null): Promise<Base | NoBase>;
  /** The newest commit of `from..HEAD` whose message contains a text. */
  findMessage(from: string, text: string): Promise<{ id: string; subject: string } | null>;
};

/** The repository around a directory; null outside of one, or where git cannot be run. `findRepository` says which. */
export async function openRepository(directory: string): Promise<Repository | null> {
  const found = await findRepository(directory);
  return 'root' in found ? found : null;
}

/** The repository around a directory, or why there is none. */
export async function findRepository(directory: string): Promise<Repository | { readonly reason: string }> {
  const place = locateRepository(directory);
  if (!place) {
    const moved = process.env.GIT_DIR
      ? `, and GIT_DIR is set to ${process.env.GIT_DIR}; set GIT_WORK_TREE, too`
      : '';
    return { reason: `${directory} is not in a git repository${moved}` };
  }
  const refusal = await askGit(place);
  return refusal === null ? buildRepository(await openGit(place)) : { reason: refusal };
}

/** What we located is a repository for git, too, and one that it trusts: null, or why not. */
async function askGit(place: RepositoryPlace): Promise<string | null> {
  try {
    await runGit(place, ['rev-parse', '--git-dir']);
    return null;
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    if (error.status === null) return 'git cannot be started; is it installed, and in PATH?';
    return `git refuses to work in ${place.root}: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}`;
  }
}

function buildRepository(git: Git): Repository {
  const { root } = git;
  return {
    root,
    git,
    readIndexTree: (options) => readIndexTree(git, options),
    readCommitTree: (commit, options) => readCommitTree(git, commit, options),
    listStaged: () => listStaged(git),
    listChanged: (commit, options) => listChanged(git, commit, options),
    resolveCommit: (name) => resolveCommit(git, name),
    findBase: (asked, target) => findBase(git, asked, target),
    findMessage: async (from, text) => {
      const found = await git.run([
        'log',
        '-1',
        '--fixed-strings',
        `--grep=${text}`,
        '--format=%h%x00%s',
        `${from}..HEAD`,
      ]);
      const [id = '', subject = ''] = found.trim().split('\0');
      return id === '' ? null : { id, subject };
    },
  };
}
