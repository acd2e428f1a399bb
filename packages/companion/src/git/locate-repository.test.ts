import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { gitRepository, repositoryAt } from '../../test/git-repository.ts';
import { locateRepository } from './locate-repository.ts';
import { findRepository } from './repository.ts';

describe('where the repository is', () => {
  it('is the nearest directory upwards that git made, also when the directory is not there yet', () => {
    const { path } = gitRepository({ 'packages/db/a.ts': '' });
    mkdirSync(join(path, 'packages/db/.git'));
    for (const directory of ['', 'packages/db', 'packages/db/none/at/all']) {
      expect(locateRepository(join(path, directory), {})).toMatchObject({
        root: path,
        gitDir: join(path, '.git'),
      });
    }
  });

  it('is nowhere outside of one', () => {
    expect(locateRepository(temporaryFolder().path, {})).toBeNull();
  });

  it('is where a link leads to, not where it stands', () => {
    const inside = gitRepository({ 'a.ts': '' });
    const other = gitRepository({ 'drizzle/a.sql': '' });
    symlinkSync(join(other.path, 'drizzle'), join(inside.path, 'linked'));
    expect(locateRepository(join(inside.path, 'linked'), {})?.root).toBe(other.path);
  });

  it('is a linked worktree, and a submodule, by the file that names their git directory', () => {
    const repository = gitRepository({ 'a.ts': '' });
    repository.git('worktree', 'add', '-q', 'tree', '-b', 'other');
    const worktree = join(repository.path, 'tree');
    expect(locateRepository(worktree, {})).toMatchObject({
      root: worktree,
      gitDir: join(repository.path, '.git/worktrees/tree'),
    });
    const outer = gitRepository({ 'a.ts': '' });
    outer.git('submodule', '--quiet', 'add', `file://${repository.path}`, 'inner');
    expect(locateRepository(join(outer.path, 'inner'), {})).toMatchObject({
      root: join(outer.path, 'inner'),
      gitDir: join(outer.path, '.git/modules/inner'),
    });
  });
});

describe('what a hook says in the environment', () => {
  it('counts from the top, wherever the script went', () => {
    const { path } = gitRepository({ 'packages/db/a.ts': '' });
    const place = locateRepository(join(path, 'packages/db'), { GIT_INDEX_FILE: '.git/next-index-1.lock' });
    expect(place?.env.GIT_INDEX_FILE).toBe(join(path, '.git/next-index-1.lock'));
  });

  it('names the git directory of a worktree, which must not make a subdirectory the top', () => {
    const repository = gitRepository({ 'packages/db/a.ts': '' });
    repository.git('worktree', 'add', '-q', 'tree', '-b', 'other');
    const gitDir = join(repository.path, '.git/worktrees/tree');
    const place = locateRepository(join(repository.path, 'tree/packages/db'), {
      GIT_DIR: gitDir,
      GIT_INDEX_FILE: join(gitDir, 'index'),
    });
    expect(place).toMatchObject({
      root: join(repository.path, 'tree'),
      env: { GIT_INDEX_FILE: join(gitDir, 'index') },
    });
    expect(place?.env.GIT_DIR).toBeUndefined();
  });

  it('does not count when it is of another repository', () => {
    const outer = gitRepository({ 'a.ts': '' });
    mkdirSync(join(outer.path, 'inner'));
    const inner = repositoryAt({ ...outer, path: join(outer.path, 'inner') });
    inner.git('init', '-q');
    for (const env of [
      { GIT_DIR: join(outer.path, '.git'), GIT_INDEX_FILE: join(outer.path, '.git/index') },
      { GIT_INDEX_FILE: join(outer.path, '.git/index.lock') },
    ]) {
      const place = locateRepository(inner.path, { ...env, GIT_CONFIG_COUNT: '0' });
      expect(place?.root).toBe(inner.path);
      expect(place?.env.GIT_INDEX_FILE).toBeUndefined();
      expect(place?.env.GIT_DIR).toBeUndefined();
      expect(place?.env.GIT_CONFIG_COUNT).toBe('0');
    }
  });

  it('is believed when it names both, the git directory and the working tree', () => {
    const files = temporaryFolder({ 'drizzle/a.sql': '' });
    const kept = gitRepository();
    const env = { GIT_DIR: join(kept.path, '.git'), GIT_WORK_TREE: files.path };
    expect(locateRepository(join(files.path, 'drizzle'), env)).toMatchObject({ root: files.path, env });
  });
});

describe('why there is no repository', () => {
  it('is told', async () => {
    const folder = temporaryFolder();
    expect(await findRepository(folder.path)).toEqual({
      reason: `${folder.path} is not in a git repository`,
    });
  });

  it('is told when git is not installed', async () => {
    const { path } = gitRepository({ 'a.ts': '' });
    const before = process.env.PATH;
    process.env.PATH = temporaryFolder().path;
    try {
      expect(await findRepository(path)).toEqual({
        reason: 'git cannot be started; is it installed, and in PATH?',
      });
    } finally {
      process.env.PATH = before;
    }
  });

  it('is told in words of git when it refuses', async () => {
    const repository = gitRepository({ 'a.ts': '' });
    repository.write('.git/config', '[core\n');
    expect(await findRepository(repository.path)).toMatchObject({
      reason: expect.stringMatching(/^git refuses to work in .*: fatal: bad config line 1/),
    });
  });
});
