import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { GIT_ENV, gitRepository, type TestRepository } from '../../test/git-repository.ts';
import { openRepository, type Repository } from './repository.ts';

async function open(repository: TestRepository): Promise<Repository> {
  const opened = await openRepository(repository.path);
  if (!opened) throw new Error('no repository');
  return opened;
}

async function readStaged(repository: TestRepository, folder = 'drizzle') {
  const opened = await open(repository);
  const tree = await opened.readIndexTree({ below: [join(repository.path, folder)] });
  return {
    tree,
    read: (path: string) => tree.read(join(repository.path, folder, path)),
    names: (path = '') =>
      tree
        .list(join(repository.path, folder, path))
        ?.map(({ name, kind }) => (kind === 'file' ? name : `${name}/`))
        .sort() ?? null,
  };
}

describe('the index as a tree', () => {
  it('has what is staged, and not what has been edited since', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'one\n', 'drizzle/b.sql': 'one\n' });
    repository.write('drizzle/a.sql', 'two\n');
    repository.git('add', 'drizzle/a.sql');
    repository.write('drizzle/a.sql', 'three\n');
    repository.write('drizzle/b.sql', 'two\n');
    const { read } = await readStaged(repository);
    expect([read('a.sql'), read('b.sql')]).toEqual(['two\n', 'one\n']);
  });

  it('has of a partially staged file the staged part', async () => {
    const lines = (first: string, last: string) => [first, ...'abcdefghij', last, ''].join('\n');
    const repository = gitRepository({ 'drizzle/a.sql': lines('1', '2') });
    repository.write('drizzle/a.sql', lines('changed', '2'));
    const patch = repository.git('diff');
    repository.write('drizzle/a.sql', lines('changed', 'changed'));
    execFileSync('git', ['apply', '--cached'], { cwd: repository.path, env: GIT_ENV, input: patch });
    const { read } = await readStaged(repository);
    expect(read('a.sql')).toBe(lines('changed', '2'));
    expect(repository.read('drizzle/a.sql')).toBe(lines('changed', 'changed'));
  });

  it('has neither what is untracked, nor ignored, nor deleted, nor outside', async () => {
    const repository = gitRepository({
      '.gitignore': 'ignored.sql\n',
      'drizzle/a.sql': 'a',
      'drizzle/gone.sql': 'gone',
      'drizzle/old.sql': 'the same content under a new name',
    });
    repository.write('drizzle/untracked.sql', 'x');
    repository.write('drizzle/ignored.sql', 'x');
    repository.git('rm', '-q', '--cached', 'drizzle/gone.sql');
    repository.git('mv', 'drizzle/old.sql', 'drizzle/new.sql');
    const { names, read, tree } = await readStaged(repository);
    expect(names()).toEqual(['a.sql', 'new.sql']);
    expect([read('untracked.sql'), read('ignored.sql'), read('gone.sql'), read('old.sql')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(tree.read(join(temporaryFolder({ 'x.sql': 'x' }).path, 'x.sql'))).toBeNull();
    expect(tree.list(join(repository.path, 'drizzle', 'a.sql'))).toBeNull();
  });

  it('does not have what was only announced, and has a file that is empty', async () => {
    const repository = gitRepository({ 'drizzle/committed.sql': '', 'drizzle/again.sql': '' });
    repository.write('drizzle/announced.sql', 'select 1');
    repository.write('drizzle/empty.sql', '');
    repository.git('add', 'drizzle/empty.sql');
    repository.git('add', '--intent-to-add', 'drizzle/announced.sql');
    repository.git('rm', '-q', '--cached', 'drizzle/again.sql');
    repository.git('add', '--intent-to-add', 'drizzle/again.sql');
    const { names } = await readStaged(repository);
    expect(names()).toEqual(['committed.sql', 'empty.sql']);
  });

  it('reads before the first commit', async () => {
    const repository = gitRepository();
    repository.write('drizzle/a.sql', 'a');
    repository.write('drizzle/b.sql', 'b');
    repository.write('drizzle/c.sql', '');
    repository.git('add', 'drizzle/a.sql');
    repository.git('add', '-N', 'drizzle/c.sql');
    expect((await readStaged(repository)).names()).toEqual(['a.sql']);
  });

  it('tells files in conflict, and reads our side of them', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'base', 'drizzle/b.sql': 'base' });
    repository.git('switch', '-q', '-c', 'theirs');
    repository.commit('theirs', { 'drizzle/a.sql': 'theirs', 'drizzle/b.sql': 'theirs' });
    repository.git('switch', '-q', 'main');
    repository.write('drizzle/a.sql', 'ours');
    repository.remove('drizzle/b.sql');
    repository.commit('ours');
    expect(() => repository.git('merge', 'theirs')).toThrow();
    const { tree, read } = await readStaged(repository);
    expect([...tree.unmerged].sort()).toEqual(
      ['a.sql', 'b.sql'].map((name) => join(repository.path, 'drizzle', name)),
    );
    expect([read('a.sql'), read('b.sql')]).toEqual(['ours', 'theirs']);
  });

  it('has no submodules', async () => {
    const inner = gitRepository({ 'x.sql': 'x' });
    const repository = gitRepository({ 'drizzle/a.sql': 'a' });
    repository.git('submodule', '--quiet', 'add', `file://${inner.path}`, 'drizzle/inner');
    expect((await readStaged(repository)).names()).toEqual(['a.sql']);
  });

  it('reads names with spaces, quotes, stars and other alphabets, whatever git would escape', async () => {
    const names = ['a b.sql', 'ünïcode-名前.sql', "it's.sql", '[x]*.sql', ':(top)y.sql', 'tab\there.sql'];
    const repository = gitRepository(
      Object.fromEntries(names.map((name) => [`my drizzle [é]/${name}`, name])),
    );
    repository.git('config', 'core.quotePath', 'true');
    const { names: listed, read } = await readStaged(repository, 'my drizzle [é]');
    expect(listed()).toEqual([...names].sort());
    for (const name of names) expect(read(name)).toBe(name);
  });

  it('takes a folder for its name, also one that is a pattern for git', async () => {
    const repository = gitRepository({ ':(icase)drizzle/a.sql': 'a' });
    const { names } = await readStaged(repository, ':(icase)drizzle');
    expect(names()).toEqual(['a.sql']);
  });

  it('lists directories with what lies in them, in a package of a monorepo', async () => {
    const repository = gitRepository({
      'packages/db/drizzle/0_a/migration.sql': 'a',
      'packages/db/drizzle/0_a/snapshot.json': '{}',
      'packages/db/drizzle/note.md': '',
      'packages/db/drizzle-old/x.sql': 'x',
    });
    const opened = await openRepository(join(repository.path, 'packages/db'));
    const folder = join(repository.path, 'packages/db/drizzle');
    const tree = await opened?.readIndexTree({ below: [folder] });
    expect(opened?.root).toBe(repository.path);
    expect(tree?.list(folder)).toEqual([
      { name: '0_a', kind: 'directory' },
      { name: 'note.md', kind: 'file' },
    ]);
    expect(tree?.list(join(folder, '0_a'))).toHaveLength(2);
    expect(tree?.read(join(folder, '0_a/migration.sql'))).toBe('a');
    expect(tree?.list(join(folder, 'none'))).toBeNull();
    expect(() => tree?.list(join(repository.path, 'packages/db/drizzle-old'))).toThrow(
      'was not read from git',
    );
  });

  it('follows links inside of what was read, and no others', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'a', 'other/b.sql': 'b' });
    symlinkSync('a.sql', join(repository.path, 'drizzle/link.sql'));
    symlinkSync('../other/b.sql', join(repository.path, 'drizzle/away.sql'));
    symlinkSync('round.sql', join(repository.path, 'drizzle/round.sql'));
    repository.git('add', '-A');
    const { read } = await readStaged(repository);
    expect([read('link.sql'), read('away.sql'), read('round.sql')]).toEqual(['a', null, null]);
  });

  it('understands a folder that is named by another way', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'a' });
    const alias = join(temporaryFolder().path, 'alias');
    symlinkSync(repository.path, alias);
    for (const [root, folder] of [
      [alias, repository.path],
      [repository.path, alias],
    ] as const) {
      const opened = await openRepository(root);
      const tree = await opened?.readIndexTree({ below: [join(folder, 'drizzle')] });
      expect(tree?.read(join(folder, 'drizzle/a.sql'))).toBe('a');
    }
  });

  it('keeps blobs as they are committed, whatever a checkout makes of their line endings', async () => {
    const repository = gitRepository({
      '.gitattributes': '*.sql text eol=crlf\n',
      'drizzle/a.sql': 'a\r\nb\r\n',
    });
    expect((await readStaged(repository)).read('a.sql')).toBe('a\nb\n');
  });

  it('reads many files of many kilobytes', async () => {
    const repository = gitRepository();
    mkdirSync(join(repository.path, 'drizzle'));
    const text = (index: number) => `-- ${index} é\n`.repeat(5_000);
    for (let index = 0; index < 60; index += 1)
      writeFileSync(join(repository.path, 'drizzle', `${index}.sql`), text(index));
    repository.commit('many');
    const { read, names } = await readStaged(repository);
    expect(names()).toHaveLength(60);
    for (let index = 0; index < 60; index += 1) expect(read(`${index}.sql`)).toBe(text(index));
  });

  it('leaves index, refs and working tree as they were', async () => {
    const repository = gitRepository({
      'drizzle/a.sql': 'a',
      'drizzle/b.sql': '',
      'drizzle/same.sql': 'same',
    });
    repository.write('drizzle/a.sql', 'b');
    repository.git('add', '-A');
    // The same content with another time: what git would refresh in its index, if it were let.
    utimesSync(join(repository.path, 'drizzle/same.sql'), 1, 1);
    const before = repository.fingerprint();
    await readStaged(repository);
    const opened = await open(repository);
    await opened.listStaged();
    await opened.listChanged('HEAD', { below: [repository.path], judged: 'disk' });
    await opened.listChanged('HEAD', { below: [repository.path], judged: 'index' });
    expect(repository.fingerprint()).toBe(before);
  });
});

describe('a commit as a tree', () => {
  it('has what was committed then', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'one', 'drizzle/é b.sql': 'x' });
    repository.commit('second', { 'drizzle/a.sql': 'two', 'drizzle/c.sql': 'c' });
    repository.write('drizzle/a.sql', 'three');
    repository.git('add', '-A');
    const opened = await open(repository);
    const folder = join(repository.path, 'drizzle');
    const old = await opened.readCommitTree('HEAD~1', { below: [folder] });
    const head = await opened.readCommitTree('HEAD', { below: [repository.path] });
    expect(
      old
        .list(folder)
        ?.map(({ name }) => name)
        .sort(),
    ).toEqual(['a.sql', 'é b.sql']);
    expect([old.read(join(folder, 'a.sql')), head.read(join(folder, 'a.sql'))]).toEqual(['one', 'two']);
    expect(head.list(repository.path)).toEqual([{ name: 'drizzle', kind: 'directory' }]);
  });

  it('has nothing where there was nothing, and only what is wanted', async () => {
    const repository = gitRepository({ 'drizzle/a.sql': 'a', 'drizzle/meta/x.json': '{}' });
    const opened = await open(repository);
    const folder = join(repository.path, 'drizzle');
    const none = await opened.readCommitTree('HEAD', { below: [join(repository.path, 'none')] });
    expect(none.list(join(repository.path, 'none'))).toBeNull();
    const tree = await opened.readCommitTree('HEAD', {
      below: [folder],
      keep: (path) => path.endsWith('.sql'),
    });
    expect(tree.list(folder)).toEqual([{ name: 'a.sql', kind: 'file' }]);
  });

  it('says what git said about a commit that is not there', async () => {
    const opened = await open(gitRepository({ 'a.sql': 'a' }));
    await expect(opened.readCommitTree('nonsense', { below: [opened.root] })).rejects.toMatchObject({
      code: 'folder-unreadable',
      message: expect.stringContaining('nonsense'),
    });
  });
});
