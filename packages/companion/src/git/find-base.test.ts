import { temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import {
  cloneRepository,
  gitRepository,
  repositoryAt,
  type TestRepository,
} from '../../test/git-repository.ts';
import { openRepository } from './repository.ts';

async function find(repository: TestRepository, asked: string | null = null, target: string | null = null) {
  const opened = await openRepository(repository.path);
  return opened?.findBase(asked, target);
}

/** `main` with two commits, and a branch that left it after the first. */
function forked(): TestRepository & { readonly fork: string; readonly tip: string } {
  const repository = gitRepository();
  const fork = repository.commit('one');
  const tip = repository.commit('two');
  repository.git('switch', '-q', '-c', 'feature', fork);
  repository.commit('three');
  return { ...repository, fork, tip };
}

describe('the base', () => {
  it('is what was asked for: a branch, a tag, a commit', async () => {
    const repository = forked();
    repository.git('tag', '-a', '-m', 'v1', 'v1', repository.tip);
    const { fork, tip } = repository;
    for (const name of ['main', 'v1', tip, 'main~0'])
      expect(await find(repository, name)).toEqual({ name, tip, fork });
  });

  it('is the default branch of the remote, whatever it is called', async () => {
    const origin = gitRepository();
    const tip = origin.commit('one');
    origin.git('branch', '-m', 'trunk');
    const clone = cloneRepository(origin);
    clone.commit('mine');
    expect(await find(clone)).toEqual({ name: 'origin/trunk', tip, fork: tip });
  });

  it('is guessed where the remote was added by hand', async () => {
    const origin = gitRepository();
    const tip = origin.commit('one');
    for (const branch of ['master', 'main']) {
      origin.git('branch', '-M', branch);
      const repository = gitRepository();
      repository.git('remote', 'add', 'upstream', `file://${origin.path}`);
      repository.git('fetch', '-q', 'upstream');
      repository.git('reset', '-q', '--hard', tip);
      expect(await find(repository)).toEqual({ name: `upstream/${branch}`, tip, fork: tip });
    }
  });

  it('is looked for on the remote when it is not checked out, as in CI', async () => {
    const origin = forked();
    const clone = cloneRepository(origin, '--branch', 'feature');
    clone.git('checkout', '-q', '--detach');
    expect(await find(clone, 'main')).toEqual({ name: 'origin/main', tip: origin.tip, fork: origin.fork });
  });

  it('is the target of the pull request, where the environment names one', async () => {
    const origin = forked();
    origin.git('branch', 'release', origin.fork);
    const clone = cloneRepository(origin);
    clone.git('branch', 'release', origin.tip);
    const { fork, tip } = origin;
    expect(await find(clone, null, 'release')).toEqual({ name: 'origin/release', tip: fork, fork });
    expect(await find(clone, 'origin/main', 'release')).toEqual({ name: 'origin/main', tip, fork });
    expect(await find(forked(), null, 'main')).toMatchObject({ name: 'main' });
  });

  it('is found in a worktree and on a detached head', async () => {
    const repository = forked();
    const folder = temporaryFolder();
    repository.git('worktree', 'add', '-q', '--detach', folder.path, 'feature');
    const { fork, tip } = repository;
    expect(await find(repositoryAt(folder), 'main')).toEqual({ name: 'main', tip, fork });
  });
});

describe('why there is no base', () => {
  it('no commit yet', async () => {
    expect(await find(gitRepository())).toEqual({
      reason: 'there is no commit yet',
      kind: 'absent',
    });
  });

  it('no remote', async () => {
    expect(await find(gitRepository({ a: '' }))).toMatchObject({
      reason: expect.stringContaining('no remote'),
      kind: 'absent',
    });
  });

  it('a remote that was never fetched', async () => {
    const repository = gitRepository({ a: '' });
    repository.git('remote', 'add', 'origin', 'file:///nowhere');
    expect(await find(repository)).toMatchObject({
      reason: expect.stringContaining('git remote set-head origin --auto'),
      kind: 'unknown',
    });
    expect(await find(repository, 'origin/develop')).toEqual({
      reason: 'origin/develop is not known here; fetch it: git fetch origin develop',
      kind: 'unknown',
    });
  });

  it('an unknown name, or one that is an option', async () => {
    const repository = gitRepository({ a: '' });
    for (const name of ['nope', '--all', '-h', 'a b', 'HEAD:a', '']) {
      expect(await find(repository, name)).toEqual({
        reason: `${name} is not known here; see what there is: git branch --all`,
        kind: 'unknown',
      });
    }
  });

  it('a shallow clone that does not have the branch, with what helps', async () => {
    const clone = cloneRepository(forked(), '--depth', '1', '--branch', 'feature');
    expect(await find(clone, 'origin/main')).toMatchObject({
      reason: expect.stringMatching(
        /^origin\/main is not known here; .*fetch-depth: 0.*git fetch --unshallow origin/,
      ),
      kind: 'cut off',
    });
    expect(await find(clone, null, 'main')).toMatchObject({
      reason: expect.stringMatching(/^GITHUB_BASE_REF: main is not known here; .*fetch-depth: 0/),
      kind: 'cut off',
    });
    clone.git('remote', 'set-head', 'origin', '--delete');
    expect(await find(clone)).toMatchObject({
      reason: expect.stringMatching(/^the clone is shallow, and does not say.*fetch-depth: 0/),
      kind: 'cut off',
    });
  });

  it('a target that was not fetched', async () => {
    const clone = cloneRepository(forked(), '--single-branch', '--branch', 'feature');
    expect(await find(clone, null, 'main')).toEqual({
      reason: 'GITHUB_BASE_REF: main is not known here; fetch it: git fetch origin main',
      kind: 'cut off',
    });
  });

  it('a shallow clone that does not reach back to the fork; unshallow mends it', async () => {
    const origin = forked();
    const clone = cloneRepository(origin, '--depth', '1', '--no-single-branch', '--branch', 'feature');
    expect(await find(clone, 'origin/main')).toMatchObject({
      reason: expect.stringMatching(
        /does not reach back to where this branch left origin\/main.*fetch-depth: 0/,
      ),
      kind: 'cut off',
    });
    clone.git('fetch', '-q', '--unshallow');
    expect(await find(clone, 'origin/main')).toEqual({
      name: 'origin/main',
      tip: origin.tip,
      fork: origin.fork,
    });
  });

  it('histories that have nothing in common', async () => {
    const repository = gitRepository({ a: '' });
    repository.git('switch', '-q', '--orphan', 'other');
    repository.commit('other', { b: '' });
    expect(await find(repository, 'main')).toMatchObject({
      reason: expect.stringContaining('no commit in common'),
      kind: 'unknown',
    });
  });
});
