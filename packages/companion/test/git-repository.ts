import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_WHEN, type TestFolder, temporaryFolder } from '@companion/testing';
import { migrationName } from './small-history.ts';

const MINUTE = 60_000;

export type TestRepository = TestFolder & {
  /** Runs git here and returns what it printed. */
  git(...args: readonly string[]): string;
  /** Writes files, stages everything, commits. */
  commit(message: string, files?: Readonly<Record<string, string>>): string;
  read(relative: string): string;
  /** All that must not change by looking: index, HEAD, refs, and what lies in the working tree. */
  fingerprint(): string;
};

/** The user's own settings stay out of it. */
export const GIT_ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_ALLOW_PROTOCOL: 'file',
};

/** A new repository with the branch `main`, and a first commit when files are given. */
export function gitRepository(files?: Readonly<Record<string, string>>): TestRepository {
  const folder = temporaryFolder();
  const repository = repositoryAt(folder);
  repository.git('init', '-q', '-b', 'main');
  if (files) repository.commit('first', files);
  return repository;
}

/** A clone in a directory of its own, by URL, as CI makes them. */
export function cloneRepository(origin: TestRepository, ...args: readonly string[]): TestRepository {
  const folder = temporaryFolder();
  const repository = repositoryAt(folder);
  repository.git('clone', '-q', ...args, `file://${origin.path}`, '.');
  return repository;
}

export function repositoryAt(folder: TestFolder): TestRepository {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: GIT_ENV, encoding: 'utf8', stdio: 'pipe' });
  const read = (relative: string) => readFileSync(join(folder.path, relative), 'utf8');
  return {
    ...folder,
    git,
    read,
    commit: (message, files = {}) => {
      for (const [path, text] of Object.entries(files)) folder.write(path, text);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    fingerprint: () => {
      const index = join(git('rev-parse', '--absolute-git-dir').trim(), 'index');
      return [
        existsSync(index) ? readFileSync(index).toString('base64') : '',
        git('for-each-ref'),
        git('--no-optional-locks', 'status', '--porcelain=v2', '--ignored', '-z'),
      ].join('\n');
    },
  };
}

export type WrittenMigration = { readonly name: string; readonly sql: string; readonly when?: number };

/** The files of a migrations folder, either layout, a minute apart; names are given without number or timestamp. */
export function historyFiles(
  layout: 'journal' | 'folders',
  folder: string,
  migrations: readonly WrittenMigration[],
): Record<string, string> {
  const when = (index: number) => migrations[index]?.when ?? FIRST_WHEN + index * MINUTE;
  if (layout === 'folders') {
    return Object.fromEntries(
      migrations.map(({ name, sql }, index) => [
        `${folder}/${folderName(name, when(index))}/migration.sql`,
        sql,
      ]),
    );
  }
  const entries = migrations.map(({ name }, idx) => ({
    ...{ idx, version: '7', when: when(idx), tag: migrationName('journal', name, idx), breakpoints: true },
  }));
  const journal = { version: '7', dialect: 'postgresql', entries };
  return {
    ...Object.fromEntries(migrations.map(({ sql }, index) => [`${folder}/${entries[index]?.tag}.sql`, sql])),
    [`${folder}/meta/_journal.json`]: `${JSON.stringify(journal, null, 2)}\n`,
  };
}

export function folderName(name: string, when: number): string {
  return `${new Date(when).toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`;
}
