import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { toRepositoryPath } from './repository-path.ts';

/** Where git is to work, and with what environment. */
export type RepositoryPlace = {
  /** Absolute path of the working tree. */
  readonly root: string;
  /** Absolute path of the git directory; of a linked worktree, its own. */
  readonly gitDir: string;
  /** For every git process: runs in `root`, reads the index that is being committed, takes no optional lock. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that bind git to one repository (`git rev-parse --local-env-vars`), without those that carry `-c`. */
const PLACE_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_PREFIX',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INTERNAL_SUPER_PREFIX',
];
const STORE_VARIABLES = [
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
];
/** They cannot stand beside GIT_LITERAL_PATHSPECS. */
const PATHSPEC_VARIABLES = ['GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS'];

/**
 * The repository that `directory` lies in, told from the file system without starting git; null outside of one.
 *
 * In a hook git passes GIT_INDEX_FILE (a temporary one for `git commit -a` and `git commit <file>`), and in a linked
 * worktree GIT_DIR, which makes any git that is started in a subdirectory take that for the top of the working tree.
 * So the top is found by walking upwards, the index is honoured, and what belongs to another repository is not.
 */
export function locateRepository(directory: string, env: Env = process.env): RepositoryPlace | null {
  const given = givenPlace(directory, env);
  if (given) return given;
  const found = findUpwards(resolve(directory)) ?? findUpwards(realPath(directory));
  if (!found) return null;
  // Hooks run at the top, whatever directory a script changed to since.
  const ours =
    env.GIT_DIR === undefined || realPath(resolve(found.root, env.GIT_DIR)) === realPath(found.gitDir);
  const index = ours && env.GIT_INDEX_FILE ? resolve(found.root, env.GIT_INDEX_FILE) : null;
  return {
    ...found,
    env: {
      ...without(env, [...PLACE_VARIABLES, ...(ours ? [] : STORE_VARIABLES), 'GIT_INDEX_FILE']),
      ...(index !== null && !belongsElsewhere(index, found.gitDir) ? { GIT_INDEX_FILE: index } : {}),
      ...OURS,
    },
  };
}

const OURS = { GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1', LC_ALL: 'C' };

/** GIT_DIR together with GIT_WORK_TREE says it all: a repository whose files are kept apart from it. */
function givenPlace(directory: string, env: Env): RepositoryPlace | null {
  if (!env.GIT_DIR || !env.GIT_WORK_TREE) return null;
  const root = resolve(env.GIT_WORK_TREE);
  if (toRepositoryPath(root, resolve(directory)) === null) return null;
  const gitDir = isAbsolute(env.GIT_DIR) ? env.GIT_DIR : firstThere(env.GIT_DIR, [root, process.cwd()]);
  const index = env.GIT_INDEX_FILE;
  return {
    root,
    gitDir,
    env: {
      ...without(env, ['GIT_PREFIX']),
      GIT_DIR: gitDir,
      GIT_WORK_TREE: root,
      ...(index ? { GIT_INDEX_FILE: resolve(root, index) } : {}),
      ...OURS,
    },
  };
}

function firstThere(path: string, bases: readonly string[]): string {
  const candidates = bases.map((base) => resolve(base, path));
  return candidates.find((candidate) => existsSync(candidate)) ?? resolve(path);
}

function findUpwards(from: string): { root: string; gitDir: string } | null {
  for (let root = from; ; root = dirname(root)) {
    const gitDir = readGitDir(root);
    // A directory that is a link may lead out of the repository it stands in.
    if (gitDir && toRepositoryPath(realPath(root), realPath(from)) !== null) return { root, gitDir };
    if (dirname(root) === root) return null;
  }
}

/** `.git` is a directory, or in worktrees and submodules a file that names one. */
function readGitDir(root: string): string | null {
  const path = join(root, '.git');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  if (stat.isDirectory()) return existsSync(join(path, 'HEAD')) ? path : null;
  const named = /^gitdir: (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1];
  return named === undefined ? null : resolve(root, named.trim());
}

/** The index of a hook's repository, seen from a submodule or a clone inside of it. */
function belongsElsewhere(index: string, gitDir: string): boolean {
  const directory = dirname(index);
  if (!existsSync(directory)) return true;
  return existsSync(join(directory, 'HEAD')) && realPath(directory) !== realPath(gitDir);
}

function without(env: Env, names: readonly string[]): Record<string, string | undefined> {
  const dropped = new Set([...names, ...PATHSPEC_VARIABLES]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.has(name)));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
