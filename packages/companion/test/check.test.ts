import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, journalFolder, runCli, temporaryFolder } from '@companion/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../src/kernel/finding.ts';
import { type CheckProject, copyProject, createCheckProject } from './check-project.ts';
import { ROOT } from './docs/pages.ts';

let pattern: CheckProject;
beforeAll(() => {
  pattern = createCheckProject();
}, 60_000);
afterAll(() => pattern.dispose());

type Report = {
  readonly exitCode: number;
  readonly groups: readonly string[];
  readonly findings: readonly Finding[];
  readonly excepted: readonly Finding[];
  readonly notChecked: readonly { readonly group: string; readonly reason: string }[];
  readonly summary: object;
};

async function check({ path }: { path: string }, ...flags: readonly string[]): Promise<Report> {
  const { stdout, stderr, exitCode } = await runCli(['check', '--format', 'json', ...flags], {
    cwd: path,
  });
  const report = JSON.parse(stdout) as Report;
  expect([exitCode, stderr]).toEqual([report.exitCode, '']);
  return report;
}

const codesOf = ({ findings }: Report) => [...new Set(findings.map(({ code }) => code))].sort();
const AGE = ['email: text().notNull(),', 'email: text().notNull(),\n  age: integer(),'] as const;

describe('the working tree', () => {
  test('a project whose schema, history and git agree is clean', async () => {
    const report = await check(copyProject(pattern), '--base', 'main');
    expect(report).toMatchObject({
      exitCode: 0,
      groups: ['history', 'snapshots', 'drift', 'git', 'lint'],
      findings: [],
      notChecked: [],
      summary: { errors: 0, warnings: 0, infos: 0, files: 3 },
    });
  });

  test('without a remote git is not asked, and that is said; asked for, it is no success', async () => {
    const project = copyProject(pattern);
    expect(await check(project)).toMatchObject({
      exitCode: 0,
      notChecked: [{ group: 'git' }],
      notes: [
        expect.stringMatching(/^No migration is new: what is committed \(1 migration\) is taken for merged/),
      ],
    });
    expect(await check(project, '--only', 'git')).toMatchObject({
      exitCode: 1,
      notChecked: [{ group: 'git' }],
    });
    // The linter has an answer: what is committed is with nobody else, as far as anybody knows.
    expect(await check(project, '--only', 'lint')).toMatchObject({
      ...{ exitCode: 0, notChecked: [] },
      notes: [expect.stringContaining('lint --all lints every one')],
    });
    expect(await check(project, '--base', 'nowhere')).toMatchObject({
      exitCode: 1,
      notChecked: [{ group: 'git' }, { group: 'lint' }],
    });
  });

  test('a clone that was made without the base is no success, though nobody asked', async () => {
    const project = copyProject(pattern);
    project.git('remote', 'add', 'origin', '.');
    expect(await check(project)).toMatchObject({
      exitCode: 0,
      notChecked: [{ group: 'git' }, { group: 'lint' }],
    });
    project.write('.git/shallow', project.git('rev-parse', 'HEAD'));
    const cut = { reason: expect.stringContaining('fetch-depth: 0'), isFailure: true };
    expect(await check(project)).toMatchObject({
      ...{ exitCode: 1, findings: [] },
      notChecked: [
        { group: 'git', ...cut },
        { group: 'lint', ...cut },
      ],
    });
    expect(await check(project, '--only', 'drift')).toMatchObject({ exitCode: 0 });
  });

  test('every group tells what it found, all at once', async () => {
    const project = copyProject(pattern);
    const sql = readdirSync(join(project.path, 'drizzle')).find((name) => name.endsWith('.sql')) ?? '';
    project.edit('src/schema/users.ts', ...AGE);
    project.write(`drizzle/${sql}`, `${project.read(`drizzle/${sql}`)}-- changed\n`);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    project.write('drizzle/meta/0009_snapshot.json', project.read('drizzle/meta/0000_snapshot.json'));
    const report = await check(project, '--base', 'main');
    expect(report.exitCode).toBe(1);
    expect(codesOf(report)).toEqual(
      expect.arrayContaining(['drift/schema', 'git/edited', 'history/orphan-file', 'snapshots/orphan']),
    );
  });

  test('--only looks at nothing else', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    const drift = await check(project, '--only', 'drift');
    expect([drift.groups, codesOf(drift)]).toEqual([['drift'], ['drift/schema']]);
    const two = await check(project, '--only', 'history', '--only', 'snapshots');
    expect([two.groups, codesOf(two)]).toEqual([['history', 'snapshots'], ['history/orphan-file']]);
  });

  test('a schema that does not compile ends with 2, at its line, and tells what the others found', async () => {
    const project = copyProject(pattern);
    project.write('src/schema/users.ts', 'export const users = ;\n');
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    const { stderr, exitCode } = await runCli(['check'], { cwd: project.path });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('src/schema/users.ts:1');
    expect(stderr).toContain('0007_lost.sql');
  });

  test('a folder without any config has a history, and no schema', async () => {
    const { path } = journalFolder([{ name: '0000_a', sql: 'SELECT 1;' }]);
    const { cwd } = { cwd: temporaryFolder() };
    const report = await check(cwd, '--folder', path);
    expect(report.notChecked.map(({ group }) => group).sort()).toEqual(['drift', 'git']);
    expect(codesOf(report)).toEqual(['snapshots/missing']);
  });

  test('DATABASE_URL is nobody’s business without --database', async () => {
    const { path } = copyProject(pattern);
    const run = await runCli(['check'], { cwd: path, env: { DATABASE_URL: 'mysql://nonsense' } });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
  });

  test.each([
    [['--only', 'database'], 2, '--database --only database'],
    [['--staged', '--base', 'main'], 2, 'two questions'],
    [['--base', 'main', '--only', 'history'], 2, 'which --only leaves out'],
    [['--deep', '--only', 'history'], 2, 'which --only leaves out'],
    [['--shadow-url', 'postgres://localhost/postgres'], 2, 'neither is asked for'],
    [['--only', 'histroy'], 2, 'is none of history, snapshots, drift, git, lint, database'],
  ])('%j is not a success', async (flags, exit, text) => {
    const run = await runCli(['check', ...flags], { cwd: pattern.path });
    expect(run.exitCode).toBe(exit);
    expect(run.stdout + run.stderr).toContain(text);
  });
});

describe('the database', () => {
  test('the ledger is held against the files', async () => {
    const project = copyProject(pattern);
    const { url } = await createDatabase();
    const pending = await check(project, '--database', '--url', url);
    expect(pending.findings).toMatchObject([{ code: 'ledger/pending', level: 'info' }]);
    expect(pending.exitCode).toBe(0);
    expect(pending).toHaveProperty('notes', [expect.stringMatching(/nothing that tables could be compared/)]);

    await runCli(['migrate', '--url', url], { cwd: project.path });
    const sql = readdirSync(join(project.path, 'drizzle')).find((name) => name.endsWith('.sql')) ?? '';
    project.write(`drizzle/${sql}`, `${project.read(`drizzle/${sql}`)}-- changed\n`);
    expect(codesOf(await check(project, '--database', '--url', url))).toEqual(['ledger/edited']);
  });

  test('one that cannot be reached is not clean, and does not hide the rest', async () => {
    const project = copyProject(pattern);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    const report = await check(project, '--database', '--url', 'postgres://nobody@127.0.0.1:1/none');
    expect(report.exitCode).toBe(1);
    expect(report.notChecked).toContainEqual({
      group: 'database',
      reason: expect.stringContaining('127.0.0.1'),
    });
    expect(codesOf(report)).toEqual(['history/orphan-file']);
  });
});

describe('the companion config', () => {
  const CONFIG = `import { defineConfig } from 'drizzle-companion';

export default defineConfig({
  rules: { 'snapshots/orphan': 'off' },
  exceptions: [
    { code: 'history/orphan-file', migration: '0007_lost', reason: 'kept for the auditors' },
    { code: 'git/edited', migration: '0000_users', reason: 'a comment' },
  ],
});
`;

  test('exceptions and levels keep known faults quiet, count them, and are told when they are not needed', async () => {
    const project = copyProject(pattern);
    project.write('drizzle-companion.config.ts', CONFIG);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    project.write('drizzle/0008_new.sql', 'SELECT 1;\n');
    const report = await check(project, '--base', 'main');
    expect(report.excepted.map(({ migration }) => migration)).toEqual(['0007_lost']);
    expect(report.findings.map(({ code, migration }) => [code, migration])).toEqual([
      ['history/orphan-file', '0008_new'],
      ['config/unused-exception', '0000_users'],
    ]);
    expect(report.findings[1]).toMatchObject({ line: 7, level: 'warning' });
  });

  test('supersededBy names migrations that there are', async () => {
    const project = copyProject(pattern);
    project.write('drizzle-companion.config.json', '{ "supersededBy": { "0000_user": "0001_x" } }');
    const run = await runCli(['check'], { cwd: project.path });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('neither journal nor folder knows 0000_user');
    expect(run.stderr).toContain('there is no migration 0001_x');
  });
});

describe('--staged', () => {
  const staged = (project: CheckProject) => check(project, '--staged');

  test('nothing staged, or nothing that matters, is done at once', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    expect(await staged(project)).toMatchObject({ exitCode: 0, groups: [], findings: [] });
    project.edit('README.md', 'shop', 'a shop');
    project.edit('src/server.ts', 'hello', 'hi');
    project.git('add', 'README.md', 'src/server.ts');
    expect(await staged(project)).toMatchObject({ exitCode: 0, groups: [], findings: [] });
  });

  test('a schema change without its migration is found, though the migration lies unstaged beside it', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.generate('age');
    project.git('add', 'src');
    const report = await staged(project);
    expect(codesOf(report)).toEqual(['drift/schema']);
    expect(report.findings[0]?.file).toBe(join(project.path, 'src/schema/users.ts'));
    project.git('add', '.');
    expect(await staged(project)).toMatchObject({ exitCode: 0, findings: [] });
  });

  test('an unstaged schema change does not block a commit of something else', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.write('src/schema/notes.ts', 'export const note = 1;\n');
    project.git('add', 'src/schema/notes.ts');
    expect(await staged(project)).toMatchObject({ exitCode: 0, findings: [] });
  });

  test('a file that is staged in part counts as staged', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.git('add', '.');
    project.edit('src/schema/users.ts', '\n  age: integer(),', '');
    expect(codesOf(await staged(project))).toEqual(['drift/schema']);
  });

  test('a migration without its journal entry is found, and the entry without the file', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.generate('age');
    project.git('add', 'src', 'drizzle/*.sql', 'drizzle/meta/0001_snapshot.json');
    expect(codesOf(await staged(project))).toContain('history/orphan-file');
    project.git('add', 'drizzle/meta/_journal.json');
    project.git('reset', '--quiet', '--', 'drizzle/0001_age.sql');
    const report = await staged(project);
    expect(codesOf(report)).toContain('history/missing-file');
    expect(report.findings.find(({ code }) => code === 'history/missing-file')?.file).toBe(
      join(project.path, 'drizzle/meta/_journal.json'),
    );
  });

  test('a deleted migration is found', async () => {
    const project = copyProject(pattern);
    project.git('rm', '--quiet', '--', 'drizzle/0000_users.sql');
    expect(codesOf(await staged(project))).toEqual(['git/deleted', 'history/missing-file']);
  });

  test('a schema that does not compile ends with 2, and is named where it lies', async () => {
    const project = copyProject(pattern);
    project.write('src/schema/users.ts', 'export const users = ;\n');
    project.git('add', '.');
    const run = await runCli(['check', '--staged'], { cwd: project.path });
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('src/schema/users.ts:1');
    expect(run.stderr).not.toContain('drizzle-companion-staged');
  });

  test('a config that is broken on disk alone does not hide what is staged', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.git('add', '.');
    project.edit('drizzle.config.ts', 'dialect:', 'dialect');
    expect(codesOf(await staged(project))).toEqual(['drift/schema']);
  });

  test('a module that the schema imports from elsewhere counts, by whatever name', async () => {
    const project = copyProject(pattern);
    project.write('lib/names.ts', `export const EMAIL = 'email';\n`);
    project.write('tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n');
    project.edit('src/schema/users.ts', 'import', `import { EMAIL } from '@/lib/names';\nimport`);
    project.edit('src/schema/users.ts', 'text()', 'text(EMAIL)');
    project.git('add', '.');
    expect(await staged(project)).toMatchObject({ exitCode: 0, findings: [] });
    project.git('commit', '--quiet', '-m', 'Names');
    project.edit('lib/names.ts', `'email'`, `'mail'`);
    project.git('add', '.');
    expect(codesOf(await staged(project))).toEqual(['drift/schema']);
  });

  test('from a subdirectory it is the same commit', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.git('add', '.');
    expect(codesOf(await staged({ ...project, path: join(project.path, 'src') }))).toEqual(['drift/schema']);
  });

  test('working tree and index stay as they are, and nothing is left behind', async () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.git('add', '.');
    project.edit('src/server.ts', 'hello', 'hi');
    const state = () => [
      project.git('status', '--porcelain'),
      project.git('diff'),
      project.git('diff', '--cached'),
      readFileSync(join(project.path, '.git/index'), 'base64'),
    ];
    const before = state();
    const index = readFileSync(join(project.path, '.git/index'), 'base64');
    const scratch = temporaryFolder();
    const run = await runCli(['check', '--staged'], { cwd: project.path, env: { TMPDIR: scratch.path } });
    expect(run.exitCode).toBe(1);
    expect(readFileSync(join(project.path, '.git/index'), 'base64')).toBe(index);
    expect(state()).toEqual(before);
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  test('outside of a repository it cannot run', async () => {
    const { path } = temporaryFolder();
    const run = await runCli(['check', '--staged'], { cwd: path });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('is not in a git repository');
  });
});

describe('this repository', () => {
  test('packages/db is clean', async () => {
    const report = await check(
      { path: join(ROOT, 'packages/db') },
      '--only',
      'history',
      '--only',
      'snapshots',
      '--only',
      'drift',
    );
    expect(report.findings).toEqual([]);
  });
});

describe('what is printed', () => {
  test('GitHub gets annotations at paths of the repository, wherever npm runs the script', async () => {
    const project = copyProject(pattern);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    const run = await runCli(['check'], { cwd: join(project.path, 'src'), env: { GITHUB_ACTIONS: 'true' } });
    expect(run.stdout).toMatch(/^::\w+ file=drizzle\/0007_lost\.sql,.*title=history\/orphan-file::/m);
  });

  test('SARIF comes alone on standard output', async () => {
    const project = copyProject(pattern);
    project.write('drizzle/0007_lost.sql', 'SELECT 1;\n');
    const run = await runCli(['check', '--format', 'sarif'], { cwd: project.path });
    expect(JSON.parse(run.stdout).runs[0].results).toMatchObject([{ ruleId: 'history/orphan-file' }]);
  });
});
