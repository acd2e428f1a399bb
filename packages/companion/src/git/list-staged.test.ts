import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { GIT_ENV, gitRepository, repositoryAt, type TestRepository } from '../../test/git-repository.ts';
import { sourceScript } from '../../test/source-script.ts';
import { listStagedQuickly } from './list-staged-quickly.ts';

async function list(repository: TestRepository): Promise<readonly string[] | undefined> {
  const staged = await listStagedQuickly(join(repository.path, 'packages/db'));
  return staged?.map(({ file, status }) => `${status} ${file.slice(repository.path.length + 1)}`);
}

describe('what is staged', () => {
  it('is told with what happens to it, by its place on disk', async () => {
    const repository = gitRepository({
      'packages/db/é a.ts': 'a',
      'gone.ts': 'gone',
      'old.ts': 'the same\nas\nbefore\n',
      'same.ts': '',
    });
    repository.git('config', 'diff.relative', 'true');
    repository.git('config', 'diff.renames', 'copies');
    repository.write('packages/db/é a.ts', 'b');
    repository.write('new.ts', '');
    repository.write('unstaged.ts', '');
    repository.write('announced.ts', '');
    repository.git('add', 'packages', 'new.ts');
    repository.git('add', '-N', 'announced.ts');
    repository.git('rm', '-q', 'gone.ts');
    repository.git('mv', 'old.ts', 'renamed.ts');
    expect(await list(repository)).toEqual([
      'deleted gone.ts',
      'added new.ts',
      'deleted old.ts',
      'modified packages/db/é a.ts',
      'added renamed.ts',
    ]);
  });

  it('is everything before the first commit, and nothing when nothing is', async () => {
    const repository = gitRepository();
    repository.write('a.ts', '');
    repository.write('b.ts', '');
    repository.git('add', 'a.ts');
    expect(await list(repository)).toEqual(['added a.ts']);
    repository.commit('all');
    repository.write('a.ts', 'changed');
    expect(await list(repository)).toEqual([]);
  });

  it('tells files in conflict', async () => {
    const repository = gitRepository({ 'a.ts': 'base' });
    repository.git('switch', '-q', '-c', 'theirs');
    repository.commit('theirs', { 'a.ts': 'theirs' });
    repository.git('switch', '-q', 'main');
    repository.commit('ours', { 'a.ts': 'ours' });
    expect(() => repository.git('merge', 'theirs')).toThrow();
    expect(await list(repository)).toEqual(['unmerged a.ts']);
  });

  it('cannot be told outside of a repository', async () => {
    expect(await listStagedQuickly(temporaryFolder().path)).toBeNull();
  });

  it('cannot be told when the repository is broken', async () => {
    const repository = gitRepository({ 'a.ts': '' });
    repository.write('.git/index', 'nonsense');
    expect(await list(repository)).toBeUndefined();
  });
});

/** A pre-commit hook that writes down what we see, from a subdirectory, as `pnpm --filter` would run us. */
function installProbe(repository: TestRepository, hooks = '.git/hooks'): () => unknown {
  const probe = temporaryFolder();
  const seen = join(probe.path, 'seen.json');
  probe.write(
    'probe.mjs',
    sourceScript(`
      import { writeFileSync } from 'node:fs';
      import { join } from 'node:path';
      const { listStagedQuickly } = await load('git/list-staged-quickly.ts');
      const { openRepository } = await load('git/repository.ts');
      const { withStagedCheckout } = await load('git/staged-checkout.ts');
      const { readFileSync } = await import('node:fs');
      const repository = await openRepository(process.cwd());
      const cut = (file) => file.slice(repository.root.length + 1);
      const staged = (await listStagedQuickly(process.cwd())).map(({ file, status }) => status + ' ' + cut(file));
      const tree = await repository.readIndexTree({ below: [repository.root] });
      const index = Object.fromEntries(['a', 'b'].map((name) => [name, tree.read(join(repository.root, name + '.ts'))]));
      const checkout = await withStagedCheckout(repository, { paths: [repository.root] }, async (root) =>
        readFileSync(join(root, 'a.ts'), 'utf8'));
      writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ root: repository.root, staged, index, checkout }));
    `),
  );
  repository.write(
    `${hooks}/pre-commit`,
    `#!/bin/sh\ncd packages/db && exec '${process.execPath}' '${join(probe.path, 'probe.mjs')}'\n`,
  );
  chmodSync(join(repository.path, hooks, 'pre-commit'), 0o755);
  return () => JSON.parse(repositoryAt(probe).read('seen.json'));
}

describe('inside a real pre-commit hook', () => {
  const FILES = { 'a.ts': 'a1', 'b.ts': 'b1', 'packages/db/c.ts': '' };
  const commits: readonly {
    readonly how: string;
    readonly args: readonly string[];
    readonly sees: { readonly staged: readonly string[]; readonly index: object; readonly checkout: string };
  }[] = [
    {
      how: 'git commit takes what is staged',
      args: ['commit', '-m', 'x'],
      sees: { staged: ['modified b.ts'], index: { a: 'a1', b: 'b2' }, checkout: 'a1' },
    },
    {
      how: 'git commit -a takes everything that is tracked',
      args: ['commit', '-a', '-m', 'x'],
      sees: { staged: ['modified a.ts', 'modified b.ts'], index: { a: 'a2', b: 'b3' }, checkout: 'a2' },
    },
    {
      how: 'git commit <file> takes that file, and not what else is staged',
      args: ['commit', '-m', 'x', 'a.ts'],
      sees: { staged: ['modified a.ts'], index: { a: 'a2', b: 'b1' }, checkout: 'a2' },
    },
    {
      how: 'git commit --amend is held against the commit that it replaces',
      args: ['commit', '--amend', '-m', 'x'],
      sees: { staged: ['modified b.ts'], index: { a: 'a1', b: 'b2' }, checkout: 'a1' },
    },
  ];
  function change(repository: TestRepository): void {
    repository.write('b.ts', 'b2');
    repository.git('add', 'b.ts');
    repository.write('b.ts', 'b3');
    repository.write('a.ts', 'a2');
  }

  for (const { how, args, sees } of commits) {
    it(how, () => {
      const repository = gitRepository(FILES);
      const readSeen = installProbe(repository);
      change(repository);
      repository.git(...args);
      expect(readSeen()).toEqual({ root: repository.path, ...sees });
      expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
    });

    it(`${how}, in a linked worktree`, () => {
      const main = gitRepository(FILES);
      const readSeen = installProbe(main);
      const folder = temporaryFolder();
      main.git('worktree', 'add', '-q', '-b', 'other', join(folder.path, 'tree'));
      const worktree = repositoryAt({ ...folder, path: join(folder.path, 'tree'), write: writeIn(folder) });
      change(worktree);
      worktree.git(...args);
      expect(readSeen()).toEqual({ root: worktree.path, ...sees });
      expect(existsSync(join(main.path, '.git/index.lock'))).toBe(false);
    });
  }

  it('works from git -C, too, and with an editor and a pager in the environment', () => {
    const repository = gitRepository(FILES);
    const readSeen = installProbe(repository);
    change(repository);
    execFileSync('git', ['-C', repository.path, '-c', 'core.quotePath=true', 'commit', '-m', 'x'], {
      cwd: '/',
      env: {
        ...GIT_ENV,
        GIT_EDITOR: 'vi',
        EDITOR: 'vi',
        PAGER: 'less',
        GIT_SSH_COMMAND: 'ssh -v',
        GIT_PAGER: 'cat',
      },
      stdio: 'pipe',
    });
    expect(readSeen()).toMatchObject({ staged: ['modified b.ts'], index: { b: 'b2' } });
  });
});

function writeIn(folder: ReturnType<typeof temporaryFolder>) {
  return (relative: string, text: string) => folder.write(join('tree', relative), text);
}
