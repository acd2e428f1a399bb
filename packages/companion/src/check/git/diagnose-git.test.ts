import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_WHEN, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import {
  cloneRepository,
  folderName,
  gitRepository,
  historyFiles,
  repositoryAt,
  type TestRepository,
  type WrittenMigration,
} from '../../../test/git-repository.ts';
import { openRepository } from '../../git/repository.ts';
import { diagnoseGit } from './diagnose-git.ts';

const FOLDER = 'packages/my db/drizzle';
const MINUTE = 60_000;
const A = { name: 'a', sql: 'create table a (id int);\n' };
const B = { name: 'b', sql: 'create table b (id int);\n' };
const C = { name: 'c', sql: 'create table c (id int);\n' };

type Options = { readonly base?: string | null; readonly judged?: 'disk' | 'index' };

async function diagnose(repository: TestRepository, { base = 'main', judged = 'disk' }: Options = {}) {
  const opened = await openRepository(repository.path);
  if (!opened) throw new Error('no repository');
  const before = repository.fingerprint();
  const told = await diagnoseGit({ repository: opened, base, folder: join(repository.path, FOLDER), judged });
  expect(repository.fingerprint(), 'looking changes nothing').toBe(before);
  const findings = told.findings.map(({ file, ...finding }) => ({
    ...finding,
    file: file?.slice(join(repository.path, FOLDER).length + 1),
  }));
  return { ...told, findings };
}

const codes = ({ findings }: { findings: readonly { code: string; migration?: string }[] }) =>
  findings.map(({ code, migration }) => [code, migration]);

for (const layout of ['journal', 'folders'] as const) {
  const files = (...migrations: readonly WrittenMigration[]) => historyFiles(layout, FOLDER, migrations);
  const nameOf = (name: string, index: number) =>
    layout === 'journal' ? `000${index}_${name}` : folderName(name, FIRST_WHEN + index * MINUTE);
  const sqlFile = (name: string, index: number) =>
    layout === 'journal' ? `${nameOf(name, index)}.sql` : `${nameOf(name, index)}/migration.sql`;
  const inFolder = (path: string) => `${FOLDER}/${path}`;

  /** `main` with two migrations, and a branch `feature` that is checked out. */
  function onBranch(...migrations: readonly WrittenMigration[]): TestRepository {
    const repository = gitRepository(files(...(migrations.length === 0 ? [A, B] : migrations)));
    repository.git('switch', '-q', '-c', 'feature');
    return repository;
  }
  /** Commits to main while another branch is checked out. */
  function advanceMain(repository: TestRepository, written: Readonly<Record<string, string>>): void {
    repository.git('switch', '-q', 'main');
    repository.commit('on main', written);
    repository.git('switch', '-q', 'feature');
  }

  describe(`migrations that are on the base (${layout})`, () => {
    it('may stay as they are, and get company', async () => {
      const repository = onBranch();
      repository.commit('more', files(A, B, C));
      repository.commit('else', { 'README.md': 'x' });
      expect(await diagnose(repository)).toMatchObject({ findings: [], notChecked: [], notes: [] });
    });

    it('may not be edited, committed or not, and the line is told', async () => {
      for (const judged of ['disk', 'index'] as const) {
        const repository = onBranch({ ...A, sql: 'create table a (\n  id int\n);\n' }, B);
        repository.write(inFolder(sqlFile('a', 0)), 'create table a (\n  id bigint\n);\n');
        if (judged === 'index') repository.git('add', '-A');
        const told = await diagnose(repository, { judged });
        expect(told.findings).toMatchObject([
          {
            code: 'git/edited',
            level: 'error',
            migration: nameOf('a', 0),
            file: sqlFile('a', 0),
            line: 2,
            fix: `git restore --source=main --staged --worktree -- ':/${inFolder(sqlFile('a', 0))}'`,
            docs: 'docs/findings.md#gitedited',
          },
        ]);
        repository.commit('edited');
        expect(codes(await diagnose(repository, { judged }))).toEqual(codes(told));
      }
    });

    it('are mended by the command that the finding names', async () => {
      const repository = onBranch();
      repository.write(inFolder(sqlFile('a', 0)), 'drop table a');
      repository.git('rm', '-rq', '--cached', inFolder(sqlFile('b', 1)));
      repository.remove(inFolder(sqlFile('b', 1)));
      repository.git('add', '-A');
      const { findings } = await diagnose(repository, { judged: 'index' });
      expect(findings.map(({ code }) => code)).toEqual(['git/edited', 'git/deleted']);
      for (const { fix = '' } of findings) {
        const [, path = ''] = /'(.*)'/.exec(fix) ?? [];
        repository.git(
          ...fix
            .replace(/ -- .*/, '')
            .split(' ')
            .slice(1),
          '--',
          path,
        );
      }
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual([]);
      expect(codes(await diagnose(repository))).toEqual([]);
    });

    it('warn of line endings that were committed, not of those that a checkout makes', async () => {
      const repository = onBranch();
      repository.git('config', 'core.autocrlf', 'true');
      for (const [name, index] of [
        ['a', 0],
        ['b', 1],
      ] as const) {
        rmSync(join(repository.path, inFolder(sqlFile(name, index))));
        repository.git('checkout', '-q', '--', inFolder(sqlFile(name, index)));
      }
      expect(repository.read(inFolder(sqlFile('a', 0)))).toBe('create table a (id int);\r\n');
      expect(codes(await diagnose(repository))).toEqual([]);

      repository.git('config', 'core.autocrlf', 'false');
      repository.git('add', '--renormalize', '.');
      repository.commit('CRLF');
      expect((await diagnose(repository)).findings).toMatchObject([
        { code: 'git/edited', level: 'warning', migration: nameOf('a', 0) },
        { code: 'git/edited', level: 'warning', migration: nameOf('b', 1) },
      ]);
    });

    it('may not be deleted', async () => {
      const repository = onBranch(A, B, C);
      repository.remove(inFolder(sqlFile('b', 1)));
      const told = await diagnose(repository);
      expect(told.findings).toMatchObject([
        { code: 'git/deleted', level: 'error', migration: nameOf('b', 1), line: expect.any(Number) },
      ]);
      expect(told.findings[0]?.file).toBe(layout === 'journal' ? 'meta/_journal.json' : sqlFile('b', 1));
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual([]);
      repository.git('add', '-A');
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual(codes(told));
    });

    it('may not all be deleted, with the folder', async () => {
      const repository = onBranch();
      repository.git('rm', '-rq', FOLDER);
      for (const judged of ['disk', 'index'] as const) {
        expect(codes(await diagnose(repository, { judged }))).toEqual([
          ['git/deleted', nameOf('a', 0)],
          ['git/deleted', nameOf('b', 1)],
        ]);
      }
    });

    it('may not be renamed, and are not taken for deleted and new', async () => {
      const repository = onBranch(A, B);
      repository.git('rm', '-rq', FOLDER);
      repository.commit('renamed', files(A, { ...B, name: 'better' }));
      const told = await diagnose(repository);
      expect(told.findings).toMatchObject([
        {
          code: 'git/renamed',
          level: 'error',
          migration: nameOf('better', 1),
          file: layout === 'journal' ? 'meta/_journal.json' : sqlFile('better', 1),
          message: expect.stringContaining(
            layout === 'journal'
              ? 'does not look at names'
              : `run it again on any database that has ${nameOf('b', 1)}`,
          ),
        },
      ]);
    });

    it('may not be renamed to another time, either', async () => {
      const repository = onBranch(A, B);
      repository.git('rm', '-rq', FOLDER);
      repository.commit('retimed', files(A, { ...B, name: 'later', when: FIRST_WHEN + 9 * MINUTE }));
      expect((await diagnose(repository)).findings).toMatchObject([
        { code: 'git/renamed', message: expect.stringContaining('run it again') },
      ]);
    });

    it('may be changed on the base itself, and be merged in from there', async () => {
      const repository = onBranch(A, B, C);
      const changed = files(A, { ...B, sql: 'create table b2 (id int);\n' });
      repository.git('switch', '-q', 'main');
      repository.git('rm', '-rq', FOLDER);
      repository.commit('edited and deleted on main', changed);
      repository.git('switch', '-q', 'feature');
      repository.commit('mine', { 'README.md': '' });
      expect(codes(await diagnose(repository))).toEqual([]);
      repository.git('merge', '-q', '--no-commit', 'main');
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual([]);
      repository.git('commit', '-q', '-m', 'merged');
      expect(codes(await diagnose(repository))).toEqual([]);
    });

    it('count from the moment they are merged: what only the branch has may be made anew', async () => {
      const repository = onBranch();
      repository.commit('new', files(A, B, C));
      repository.write(inFolder(sqlFile('c', 2)), 'create table c (id bigint)');
      repository.git('add', '-A');
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual([]);
    });
  });

  describe(`two branches at once (${layout})`, () => {
    const mine = { ...C, name: 'mine', when: FIRST_WHEN + 5 * MINUTE };
    const theirs = { ...C, name: 'theirs', sql: 'select 1', when: FIRST_WHEN + 7 * MINUTE };

    it('the older migration is found before it is merged, and after', async () => {
      const repository = onBranch();
      repository.commit('mine', files(A, B, mine));
      expect(codes(await diagnose(repository))).toEqual([]);
      advanceMain(repository, files(A, B, theirs));
      const told = await diagnose(repository);
      expect(told.findings).toMatchObject([
        {
          code: 'git/older-than-base',
          level: 'error',
          message: expect.stringMatching(
            layout === 'journal'
              ? /theirs on main: stock drizzle will skip it/
              : /theirs on main: it will run after/,
          ),
          file: expect.stringContaining(layout === 'journal' ? '_journal.json' : 'mine/migration.sql'),
          fix: 'drizzle-kit generate',
        },
      ]);
      if (layout === 'folders') {
        repository.git('merge', '-q', '-m', 'merge', 'main');
        expect(codes(await diagnose(repository))).toEqual(codes(told));
      }
    });

    it('the newer one is fine, rebased or not', async () => {
      const repository = onBranch();
      repository.commit('mine', files(A, B, { ...mine, when: FIRST_WHEN + 9 * MINUTE }));
      advanceMain(repository, layout === 'folders' ? files(A, B, theirs) : { 'README.md': 'x' });
      expect(codes(await diagnose(repository))).toEqual([]);
      repository.git('rebase', '-q', 'main');
      expect(codes(await diagnose(repository))).toEqual([]);
    });

    it('a rebase does not make an old one new', async () => {
      const repository = onBranch();
      repository.commit('mine', files(A, B, mine));
      advanceMain(repository, files(A, B, theirs));
      if (layout === 'folders') repository.git('rebase', '-q', 'main');
      else {
        repository.git('reset', '-q', '--hard', 'main');
        repository.commit('resolved', files(A, B, theirs, mine));
      }
      expect((await diagnose(repository)).findings).toMatchObject([
        { code: 'git/older-than-base', migration: expect.stringContaining('mine') },
      ]);
    });

    it('the same moment is not newer', async () => {
      const repository = onBranch();
      repository.commit('mine', files(A, B, { ...mine, when: theirs.when }));
      advanceMain(repository, files(A, B, theirs));
      expect(codes(await diagnose(repository))).toMatchObject([['git/older-than-base', expect.anything()]]);
    });

    it('what is not in the commit is not judged by it', async () => {
      const repository = onBranch();
      for (const [path, text] of Object.entries(files(A, B, { ...mine, when: FIRST_WHEN - MINUTE })))
        repository.write(path, text);
      expect(codes(await diagnose(repository, { judged: 'index' }))).toEqual([]);
      expect(codes(await diagnose(repository))).toMatchObject([['git/older-than-base', expect.anything()]]);
    });
  });

  describe(`a squash that is said to be one (${layout})`, () => {
    it('is told, with what it lifts, and holds for its own range alone', async () => {
      const repository = onBranch();
      repository.git('rm', '-rq', FOLDER);
      repository.commit(
        'start anew\n\nAll in one. [squash-baseline]',
        files({ ...C, when: FIRST_WHEN - MINUTE }),
      );
      expect(await diagnose(repository)).toMatchObject({
        findings: [
          {
            code: 'git/squash-baseline',
            level: 'info',
            message: expect.stringMatching(
              /\(start anew\) says .*2 × git\/deleted, 1 × git\/older-than-base/,
            ),
          },
        ],
      });
      repository.git('switch', '-q', 'main');
      repository.git('merge', '-q', 'feature');
      repository.git('switch', '-q', '-c', 'next');
      repository.remove(FOLDER);
      expect(codes(await diagnose(repository))).toMatchObject([['git/deleted', expect.anything()]]);
    });

    it('is not one by letters that only look like it', async () => {
      const repository = onBranch();
      repository.git('rm', '-rq', FOLDER);
      repository.commit('s [squash_baseline] squash-baseline');
      expect(codes(await diagnose(repository))).toHaveLength(2);
    });
  });

  describe(`where nothing says what others have (${layout})`, () => {
    it('a commit is held against HEAD, and says so', async () => {
      const repository = gitRepository(files(A, B));
      repository.write(inFolder(sqlFile('a', 0)), 'edited');
      repository.git('add', '-A');
      expect(await diagnose(repository, { base: null, judged: 'index' })).toMatchObject({
        findings: [{ code: 'git/edited', message: expect.stringContaining('is on HEAD') }],
        notChecked: [],
        notes: [expect.stringContaining('held against HEAD')],
      });
      expect(await diagnose(repository, { base: null })).toMatchObject({
        findings: [],
        notChecked: [{ group: 'git', reason: expect.stringContaining('no remote') }],
      });
    });

    it('a migrations folder that is new has nothing to be held against', async () => {
      const repository = gitRepository({ 'README.md': '' });
      repository.git('switch', '-q', '-c', 'feature');
      repository.commit('first migrations', files(A, B));
      expect(await diagnose(repository)).toMatchObject({ findings: [], notChecked: [] });
    });
  });
}

describe('the journal entry of a migration that is on the base', () => {
  const repositoryWith = (change: (text: string) => string) => {
    const repository = gitRepository(historyFiles('journal', FOLDER, [A, B]));
    repository.git('switch', '-q', '-c', 'feature');
    const path = `${FOLDER}/meta/_journal.json`;
    repository.write(path, change(repository.read(path)));
    return repository;
  };

  it('keeps its time', async () => {
    for (const [when, consequence] of [
      [FIRST_WHEN + 9 * MINUTE, 'runs it a second time'],
      [FIRST_WHEN + 1, 'skips it'],
    ] as const) {
      const repository = repositoryWith((text) => text.replace(String(FIRST_WHEN + MINUTE), String(when)));
      expect((await diagnose(repository)).findings).toMatchObject([
        {
          code: 'git/edited',
          level: 'error',
          migration: '0001_b',
          file: 'meta/_journal.json',
          line: 16,
          message: expect.stringContaining(consequence),
          hint: expect.stringContaining(String(FIRST_WHEN + MINUTE)),
        },
      ]);
    }
  });

  it('keeps its number', async () => {
    const repository = repositoryWith((text) => text.replace('"idx": 1', '"idx": 2'));
    expect((await diagnose(repository)).findings).toMatchObject([
      { code: 'git/edited', migration: '0001_b', message: expect.stringContaining('`idx` from 1 to 2') },
    ]);
  });

  it('stays, also when the file does', async () => {
    const repository = repositoryWith((text) => {
      const journal = JSON.parse(text);
      return JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }, null, 2);
    });
    expect((await diagnose(repository)).findings).toMatchObject([
      { code: 'git/deleted', migration: '0001_b', file: 'meta/_journal.json', line: 9 },
    ]);
  });

  it('may be formatted anew', async () => {
    const repository = repositoryWith((text) => JSON.stringify(JSON.parse(text), null, '\t'));
    expect(codes(await diagnose(repository))).toEqual([]);
  });

  it('tells no deletions when the journal cannot be read', async () => {
    const repository = repositoryWith((text) => `<<<<<<< HEAD\n${text}`);
    expect(await diagnose(repository)).toMatchObject({
      findings: [],
      notChecked: [{ group: 'git', reason: '--base main: the journal cannot be read' }],
    });
  });

  it('may be gone where the file was missing on the base already', async () => {
    const repository = gitRepository(historyFiles('journal', FOLDER, [A, B]));
    repository.remove(`${FOLDER}/0001_b.sql`);
    repository.commit('lost');
    repository.git('switch', '-q', '-c', 'feature');
    expect(codes(await diagnose(repository))).toEqual([]);
    repository.commit('back', { [`${FOLDER}/0001_b.sql`]: B.sql });
    expect(codes(await diagnose(repository))).toEqual([]);
    repository.commit('given up', historyFiles('journal', FOLDER, [A]));
    expect(codes(await diagnose(repository))).toEqual([]);
  });
});

it('the conversion to the 1.x layout is no renaming, and hides no edit', async () => {
  const repository = gitRepository(
    historyFiles('journal', FOLDER, [A, { ...B, when: FIRST_WHEN + MINUTE + 123 }]),
  );
  repository.git('switch', '-q', '-c', 'feature');
  repository.git('rm', '-rq', FOLDER);
  repository.commit('drizzle-kit up', historyFiles('folders', FOLDER, [A, B]));
  expect(codes(await diagnose(repository))).toEqual([]);
  repository.commit('and edited', historyFiles('folders', FOLDER, [A, { ...B, sql: 'select 2' }, C]));
  expect(codes(await diagnose(repository))).toEqual([['git/edited', '20240101000100_b']]);
});

describe('where it cannot be looked at', () => {
  it('a base that was asked for is named, with what helps', async () => {
    const origin = gitRepository(historyFiles('journal', FOLDER, [A]));
    origin.commit('two');
    origin.git('branch', 'feature', 'HEAD~1');
    origin.git('switch', '-q', 'feature');
    origin.commit('three');
    origin.git('switch', '-q', 'main');
    const shallow = cloneRepository(origin, '--depth', '1', '--no-single-branch', '--branch', 'feature');
    for (const [base, judged] of [
      ['origin/main', 'disk'],
      ['origin/main', 'index'],
      [null, 'disk'],
    ] as const) {
      const { notChecked, findings } = await diagnose(shallow, { base, judged });
      expect(findings).toEqual([]);
      expect(notChecked).toMatchObject([
        { group: 'git', reason: expect.stringMatching(/fetch-depth: 0.*git fetch --unshallow/) },
      ]);
      expect(notChecked[0]?.reason.startsWith('--base origin/main: ')).toBe(base !== null);
    }
    shallow.git('fetch', '-q', '--unshallow');
    expect(await diagnose(shallow, { base: null })).toMatchObject({ findings: [], notChecked: [] });
  });

  it('no commit yet', async () => {
    const repository = gitRepository();
    for (const [path, text] of Object.entries(historyFiles('folders', FOLDER, [A])))
      repository.write(path, text);
    for (const judged of ['disk', 'index'] as const)
      expect((await diagnose(repository, { base: null, judged })).notChecked).toEqual([
        { group: 'git', reason: 'there is no commit yet' },
      ]);
  });

  it('a folder outside of the repository', async () => {
    const opened = await openRepository(gitRepository({ a: '' }).path);
    if (!opened) throw new Error('no repository');
    const { path } = temporaryFolder();
    expect(await diagnoseGit({ repository: opened, base: null, folder: path })).toMatchObject({
      notChecked: [{ reason: expect.stringContaining('does not lie in the repository') }],
    });
  });

  it('a repository that lost its objects', async () => {
    const repository = gitRepository(historyFiles('folders', FOLDER, [A]));
    const opened = await openRepository(repository.path);
    if (!opened) throw new Error('no repository');
    const id = repository.git('rev-parse', 'HEAD^{tree}').trim();
    rmSync(join(repository.path, '.git/objects', id.slice(0, 2), id.slice(2)));
    const folder = join(repository.path, FOLDER);
    expect(await diagnoseGit({ repository: opened, base: 'main', folder })).toMatchObject({
      findings: [],
      notChecked: [{ group: 'git', reason: expect.stringContaining('git cannot say') }],
    });
  });
});

describe('wherever the working tree is', () => {
  it('a linked worktree with a detached head', async () => {
    const main = gitRepository(historyFiles('folders', FOLDER, [A, B]));
    const folder = temporaryFolder();
    main.git('worktree', 'add', '-q', '--detach', folder.path);
    const worktree = repositoryAt(folder);
    worktree.remove(`${FOLDER}/20240101000000_a`);
    expect(codes(await diagnose(worktree))).toEqual([['git/deleted', '20240101000000_a']]);
    expect(codes(await diagnose(main))).toEqual([]);
  });

  it('a clone, against what its remote had when it was last asked', async () => {
    const origin = gitRepository(historyFiles('folders', FOLDER, [A, B]));
    const clone = cloneRepository(origin);
    clone.write(`${FOLDER}/20240101000000_a/migration.sql`, 'edited');
    expect(await diagnose(clone, { base: null })).toMatchObject({
      findings: [{ code: 'git/edited', message: expect.stringContaining('is on origin/main') }],
      notes: [],
    });
  });
});
