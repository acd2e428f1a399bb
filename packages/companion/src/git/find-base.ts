import { basename } from 'node:path';
import type { Git } from './open-git.ts';

/** What the branch is held against. Ids are full commit ids. */
export type Base = {
  /** As the user says it: `origin/main`. */
  readonly name: string;
  readonly tip: string;
  /** Where HEAD and the base parted. */
  readonly fork: string;
};

/** Why there is none, in words, with the command that helps. */
export type NoBase = {
  readonly reason: string;
  /**
   * `absent`: there is nothing that others could have. `cut off`: there is a base, and this clone was made without it,
   * as CI makes them. `unknown`: nobody says which it is, or where the branch left it.
   */
  readonly kind: 'absent' | 'unknown' | 'cut off';
};

/**
 * The base that was asked for, or else the target of the pull request that is tested, or else the default branch of the
 * remote. A name that is not known is tried on the remote, too: `main` is rarely checked out in CI.
 */
export async function findBase(
  git: Git,
  asked: string | null,
  target: string | null = null,
): Promise<Base | NoBase> {
  if ((await resolveCommit(git, 'HEAD')) === null)
    return { reason: 'there is no commit yet', kind: 'absent' };
  const remote = await findRemote(git);
  const name = asked ?? target ?? (remote === null ? null : await findDefaultBranch(git, remote));
  if (name === null) {
    return remote === null ? { reason: NO_REMOTE, kind: 'absent' } : explainUnsaid(git, remote);
  }
  const known = await firstKnown(
    git,
    listNames(name, remote, { isTarget: asked === null && target !== null }),
  );
  if (!known) {
    const unknown = await explainUnknown(git, name, remote);
    // Whoever tests a pull request without its base tests nothing of it.
    if (asked !== null || target === null) return unknown;
    return { reason: `GITHUB_BASE_REF: ${unknown.reason}`, kind: 'cut off' };
  }
  const fork = (await git.run(['merge-base', known.tip, 'HEAD'])).trim();
  return fork === '' ? explainNoFork(git, known.name) : { ...known, fork };
}

/** A local branch may be an old one: what a pull request goes into is on the remote. */
function listNames(
  name: string,
  remote: string | null,
  { isTarget }: { readonly isTarget: boolean },
): readonly string[] {
  if (remote === null) return [name];
  return isTarget ? [`${remote}/${name}`, name] : [name, `${remote}/${name}`];
}

const NO_REMOTE = 'there is no remote that says what others have; name a branch or a tag: --base <ref>';

async function explainUnsaid(git: Git, remote: string): Promise<NoBase> {
  if (await isShallow(git)) {
    const reason = `the clone is shallow, and does not say what ${remote} has; in GitHub Actions give actions/checkout fetch-depth: 0, elsewhere: git fetch --unshallow ${remote}`;
    return { reason, kind: 'cut off' };
  }
  const reason = `${remote} does not say which branch is its default; ask it, or name one with --base: git remote set-head ${remote} --auto`;
  return { reason, kind: 'unknown' };
}

/** The commit that a name stands for; null when it stands for none. */
export async function resolveCommit(git: Git, name: string): Promise<string | null> {
  if (name.startsWith('-')) return null;
  const id = await git.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]).catch(() => '');
  return id.trim() || null;
}

async function firstKnown(
  git: Git,
  names: readonly string[],
): Promise<{ name: string; tip: string } | undefined> {
  for (const name of names) {
    const tip = await resolveCommit(git, name);
    if (tip !== null) return { name, tip };
  }
  return undefined;
}

/** `origin`, or the only other one. */
async function findRemote(git: Git): Promise<string | null> {
  const remotes = (await git.run(['remote'])).split('\n').filter((line) => line !== '');
  if (remotes.includes('origin')) return 'origin';
  return remotes.length === 1 ? (remotes[0] ?? null) : null;
}

/** What the remote called its default when it was cloned, else the branch that is called as they mostly are. */
async function findDefaultBranch(git: Git, remote: string): Promise<string | null> {
  const head = await git.run(['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`]);
  const configured = await git.run(['config', '--get', 'init.defaultBranch']);
  const guesses = [configured.trim(), 'main', 'master'].filter((name) => name !== '');
  const names = [head.trim(), ...guesses.map((name) => `${remote}/${name}`)].filter((name) => name !== '');
  return (await firstKnown(git, names))?.name ?? null;
}

async function explainUnknown(git: Git, name: string, remote: string | null): Promise<NoBase> {
  const branch = basename(name);
  const isCut = await isShallow(git);
  const help = isCut
    ? `the clone is shallow; in GitHub Actions give actions/checkout fetch-depth: 0, elsewhere: git fetch --unshallow ${remote ?? 'origin'} ${branch}`
    : remote === null
      ? 'see what there is: git branch --all'
      : `fetch it: git fetch ${remote} ${branch}`;
  return { reason: `${name} is not known here; ${help}`, kind: isCut ? 'cut off' : 'unknown' };
}

async function explainNoFork(git: Git, name: string): Promise<NoBase> {
  const isCut = await isShallow(git);
  const reason = isCut
    ? `the clone is shallow, and does not reach back to where this branch left ${name}; in GitHub Actions give actions/checkout fetch-depth: 0, elsewhere: git fetch --unshallow`
    : `this branch and ${name} have no commit in common; name the branch it came from: --base <ref>`;
  return { reason, kind: isCut ? 'cut off' : 'unknown' };
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}
