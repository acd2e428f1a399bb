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
export type NoBase = { readonly reason: string };

/**
 * The base that was asked for, or else the default branch of the remote. A name that is not known is tried on the
 * remote, too: `main` is rarely checked out in CI.
 */
export async function findBase(git: Git, asked: string | null): Promise<Base | NoBase> {
  if ((await resolveCommit(git, 'HEAD')) === null) return { reason: 'there is no commit yet' };
  const remote = await findRemote(git);
  const name = asked ?? (remote === null ? null : await findDefaultBranch(git, remote));
  if (name === null) return { reason: remote === null ? NO_REMOTE : unknownDefault(remote) };
  const known = await firstKnown(git, remote === null ? [name] : [name, `${remote}/${name}`]);
  if (!known) return { reason: await explainUnknown(git, name, remote) };
  const fork = (await git.run(['merge-base', known.tip, 'HEAD'])).trim();
  return fork === '' ? { reason: await explainNoFork(git, known.name) } : { ...known, fork };
}

const NO_REMOTE = 'there is no remote that says what others have; name a branch or a tag: --base <ref>';

function unknownDefault(remote: string): string {
  return `${remote} does not say which branch is its default; ask it, or name one with --base: git remote set-head ${remote} --auto`;
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

async function explainUnknown(git: Git, name: string, remote: string | null): Promise<string> {
  const branch = basename(name);
  const help = (await isShallow(git))
    ? `the clone is shallow; in GitHub Actions give actions/checkout fetch-depth: 0, elsewhere: git fetch --unshallow ${remote ?? 'origin'} ${branch}`
    : remote === null
      ? 'see what there is: git branch --all'
      : `fetch it: git fetch ${remote} ${branch}`;
  return `${name} is not known here; ${help}`;
}

async function explainNoFork(git: Git, name: string): Promise<string> {
  return (await isShallow(git))
    ? `the clone is shallow, and does not reach back to where this branch left ${name}; in GitHub Actions give actions/checkout fetch-depth: 0, elsewhere: git fetch --unshallow`
    : `this branch and ${name} have no commit in common; name the branch it came from: --base <ref>`;
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}
