import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CheckProject, copyProject, createCheckProject } from './check-project.ts';
import { ROOT } from './docs/pages.ts';

let pattern: CheckProject;
beforeAll(() => {
  pattern = createCheckProject();
  cpSync(join(ROOT, '.husky/pre-commit'), join(pattern.path, '.husky/pre-commit'));
  pattern.git('add', '.husky');
  pattern.git('commit', '--quiet', '--amend', '--no-edit');
  const installed = spawnSync(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], {
    cwd: pattern.path,
  });
  if (installed.status !== 0) throw new Error(String(installed.stderr));
}, 60_000);
afterAll(() => pattern.dispose());

const AGE = ['email: text().notNull(),', 'email: text().notNull(),\n  age: integer(),'] as const;

/** With `git` itself, and nothing of npm's or ours in the environment. */
function run(
  { path }: CheckProject,
  command: string,
  env: Record<string, string> = {},
): SpawnSyncReturns<string> {
  return spawnSync('sh', ['-c', command], {
    cwd: path,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: path, ...env },
  });
}

describe('the pre-commit hook', () => {
  test('a schema change without its migration is not committed; the message has the one command', () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    const commit = run(project, 'git add src && git commit -m Age');
    expect(commit.status).toBe(1);
    expect(commit.stdout + commit.stderr).toContain('drift/schema');
    expect(commit.stdout + commit.stderr).toMatch(/drizzle-kit generate/);
    expect(project.git('log', '--format=%s')).toBe('Users\n');
  });

  test('with its migration it is committed', () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    project.generate('age');
    const commit = run(project, 'git add src drizzle && git commit -m Age');
    expect([commit.status, commit.stderr]).toEqual([0, expect.any(String)]);
    expect(project.git('log', '--format=%s')).toBe('Age\nUsers\n');
  });

  test('`git commit -a` and `git commit <file>` are judged by what they would contain', () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    expect(run(project, 'git commit -m Page README.md --allow-empty').status).toBe(0);
    expect(run(project, 'git commit -a -m Age').status).toBe(1);
    expect(run(project, 'git commit -m Age src/schema/users.ts').status).toBe(1);
  });

  test('a commit from a linked worktree is judged there', () => {
    const project = copyProject(pattern);
    const other = join(project.path, '.worktree');
    run(
      project,
      `git worktree add -b other ${other} && ln -s ${project.path}/node_modules ${other}/node_modules`,
    );
    run(project, `cp -r .husky/_ ${other}/.husky/_`);
    project.edit('src/schema/users.ts', ...AGE);
    const commit = (command: string) => run({ ...project, path: other }, command);
    expect(commit('echo x >> README.md && git commit -a -m Page').status).toBe(0);
    expect(commit(`cp ${project.path}/src/schema/users.ts src/schema/ && git commit -a -m Age`).status).toBe(
      1,
    );
  });

  test('--no-verify goes past it, as git has it', () => {
    const project = copyProject(pattern);
    project.edit('src/schema/users.ts', ...AGE);
    expect(run(project, 'git add src && git commit --no-verify -m Age').status).toBe(0);
  });

  test('pnpm is used where there is one', () => {
    const project = copyProject(pattern);
    project.write(
      'bin/pnpm',
      '#!/bin/sh\nshift\necho "pnpm $*" >&2\nscript=$1; shift\nexec npm run --silent "$script" -- "$@"\n',
    );
    chmodSync(join(project.path, 'bin/pnpm'), 0o755);
    project.edit('src/schema/users.ts', ...AGE);
    const commit = run(project, 'git add src && git commit -m Age', {
      PATH: `${join(project.path, 'bin')}:${process.env.PATH}`,
    });
    expect(commit.status).toBe(1);
    expect(commit.stderr).toContain('pnpm db:check --staged');
  });

  test('where drizzle-companion is not built, the commit is not made, and the command is named', () => {
    const project = copyProject(pattern);
    project.write('packages/companion/package.json', '{}\n');
    const commit = run(project, 'git add packages && git commit -m Package');
    expect(commit.status).toBe(1);
    expect(commit.stderr).toContain('drizzle-companion is not built here. Run: npx pnpm build');
  });
});

describe('the script `prepare`', () => {
  const { prepare } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;

  test('it sets the hooks up, and not in CI', () => {
    const project = copyProject(pattern);
    const hooks = () => run(project, 'git config --get core.hooksPath').stdout.trim();
    run(project, 'git config --unset core.hooksPath');
    cpSync(join(ROOT, 'node_modules/husky'), join(project.path, 'node_modules/husky'), {
      recursive: true,
      dereference: true,
    });
    expect([run(project, prepare, { CI: 'true' }).status, hooks()]).toEqual([0, '']);
    expect([run(project, prepare).status, hooks()]).toEqual([0, '.husky/_']);
  });

  test('it does not fail without husky, without git, without a repository', () => {
    const project = copyProject(pattern);
    expect(run(project, prepare).status).toBe(0);
    cpSync(join(ROOT, 'node_modules/husky'), join(project.path, 'node_modules/husky'), {
      recursive: true,
      dereference: true,
    });
    project.remove('.git');
    expect(run(project, prepare).status).toBe(0);
  });
});

describe('the workflow', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');
  const command = /^ +run: (pnpm db:check .*)$/m.exec(workflow)?.[1] ?? '';

  /** A clone with a branch, as actions/checkout leaves it. */
  function checkOut(change: (project: CheckProject) => void): SpawnSyncReturns<string> {
    const origin = copyProject(pattern);
    const project = copyProject(pattern);
    run(
      project,
      `git config --unset core.hooksPath; git remote add origin ${origin.path} && git fetch -q origin`,
    );
    run(project, 'git checkout -q -b feature');
    change(project);
    run(project, 'git add . && git commit -q -m Feature');
    project.write('bin/pnpm', '#!/bin/sh\nscript=$1; shift\nexec npm run --silent "$script" -- "$@"\n');
    chmodSync(join(project.path, 'bin/pnpm'), 0o755);
    const filled = command.replace(/\$\{\{ github\.base_ref \}\}/g, 'main');
    return run(project, filled, {
      PATH: `${join(project.path, 'bin')}:${process.env.PATH}`,
      GITHUB_ACTIONS: 'true',
      CI: 'true',
    });
  }

  test('its own command fails on a migration of the base that was edited, with an annotation', () => {
    const { status, stdout } = checkOut((project) => {
      project.edit('drizzle/0000_users.sql', 'CREATE TABLE', 'CREATE UNLOGGED TABLE');
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=drizzle\/0000_users\.sql,line=1,title=git\/edited::/m);
  });

  test('its own command fails on a schema change without a migration', () => {
    const { status, stdout } = checkOut((project) => project.edit('src/schema/users.ts', ...AGE));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=src\/schema\/users\.ts,.*title=drift\/schema::/m);
  });

  test('its own command passes a branch that brings its migration', () => {
    const { status, stdout } = checkOut((project) => {
      project.edit('src/schema/users.ts', ...AGE);
      project.generate('age');
    });
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^note: 1 new .*\nNothing found \(history, snapshots, drift, git, lint/),
    ]);
  });

  test('it has the whole history, and runs on pull requests', () => {
    const [before = ''] = workflow.split(command);
    expect(before.slice(before.lastIndexOf('\n  check:'))).toMatch(/fetch-depth: 0/);
    expect(before).toMatch(/if: github\.event_name == 'pull_request'\s+run: $/);
  });
});
