import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, runCli, temporaryFolder } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/kernel/finding.ts';
import { cloneRepository, gitRepository, historyFiles, repositoryAt } from './git-repository.ts';

type Report = {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly excepted: readonly Finding[];
  readonly allowed: readonly Finding[];
  readonly notChecked: readonly { readonly group: string; readonly reason: string }[];
  readonly notes: readonly string[];
  readonly summary: { readonly errors: number; readonly files: number };
};

type Place = { readonly path: string };

async function lint({ path }: Place, args: readonly string[] = [], input?: string): Promise<Report> {
  const { stdout, stderr, exitCode } = await runCli(['lint', '--format', 'json', ...args], {
    cwd: path,
    ...(input === undefined ? {} : { input }),
  });
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  expect(report).toMatchObject({ version: 1, command: 'lint', exitCode });
  return report;
}

async function refuse({ path }: Place, args: readonly string[], exit = 2): Promise<string> {
  const { stderr, exitCode } = await runCli(['lint', ...args], { cwd: path });
  expect(exitCode).toBe(exit);
  return stderr;
}

/** Where errors were found. */
const errorsOf = ({ findings }: Report) =>
  findings.filter(({ level }) => level === 'error').map(({ code, migration }) => `${migration} ${code}`);

const CONFIG = JSON.stringify({ dialect: 'postgresql', out: './drizzle', schema: './schema.ts' });
const USERS = { name: 'users', sql: 'CREATE TABLE "users" ("id" bigint PRIMARY KEY, "email" text);\n' };
const OLD_INDEX = { name: 'old_index', sql: 'CREATE INDEX "old" ON "users" ("email");\n' };
const ORDERS = { name: 'orders', sql: 'CREATE TABLE "orders" ("id" bigint PRIMARY KEY, "at" date);\n' };
const ORDERS_INDEX = { name: 'orders_index', sql: 'CREATE INDEX "at" ON "orders" ("at");\n' };
const USERS_INDEX = { name: 'users_index', sql: 'CREATE INDEX "email" ON "users" ("email");\n' };
const CODE = 'lint/create-index-concurrently';

const project = (migrations: readonly { name: string; sql: string }[]) => ({
  'drizzle.config.json': CONFIG,
  ...historyFiles('journal', 'drizzle', migrations),
});

/** `users` and a bad index are on origin/main; a branch adds `orders`, an index on it, and one on `users`. */
function branch() {
  const origin = gitRepository(project([USERS, OLD_INDEX]));
  const clone = cloneRepository(origin);
  clone.git('switch', '-q', '-c', 'feature');
  const all = [USERS, OLD_INDEX, ORDERS, ORDERS_INDEX, USERS_INDEX];
  for (const [path, text] of Object.entries(project(all))) clone.write(path, text);
  return clone;
}

describe('what is new', () => {
  test('is what the base has not, and all of it is one deployment', async () => {
    const report = await lint(branch());
    expect(report).toMatchObject({ exitCode: 1, notChecked: [], summary: { files: 3 } });
    expect(errorsOf(report)).toEqual([`0004_users_index ${CODE}`]);
    expect(report.notes).toEqual(['3 new migrations linted (not on origin/main).']);
  });

  test('stays new when it is committed, until it is merged', async () => {
    const clone = branch();
    clone.commit('all of it');
    expect(errorsOf(await lint(clone))).toEqual([`0004_users_index ${CODE}`]);
    clone.git('push', '-q', 'origin', 'HEAD:refs/heads/merged');
    clone.git('fetch', '-q');
    const merged = await lint(clone, ['--base', 'origin/merged']);
    expect(merged).toMatchObject({ exitCode: 0, findings: [], summary: { files: 0 } });
    expect(merged.notes).toEqual(['No migration is new: all 5 are on origin/merged.']);
  });

  test('with --all is everything, and what is merged was deployed one by one', async () => {
    const report = await lint(branch(), ['--all']);
    expect(errorsOf(report)).toEqual([`0001_old_index ${CODE}`, `0004_users_index ${CODE}`]);
    expect(report.summary.files).toBe(5);
  });

  test('a base that is not known is no success', async () => {
    const report = await lint(branch(), ['--base', 'nowhere']);
    expect(report).toMatchObject({ exitCode: 1, findings: [] });
    expect(report.notChecked[0]?.reason).toMatch(/^--base nowhere: nowhere is not known here/);
  });

  test('without a remote is what is not committed; and if that is nothing, that is said', async () => {
    const repository = gitRepository(project([USERS, OLD_INDEX]));
    const committed = await lint(repository);
    expect(committed).toMatchObject({ exitCode: 0, findings: [], notChecked: [], summary: { files: 0 } });
    expect(committed.notes).toEqual([
      expect.stringMatching(
        /^No migration is new: what is committed \(2 migrations\) is taken for merged, as there is no remote .* lint --all lints every one\.$/,
      ),
    ]);
    for (const [path, text] of Object.entries(project([USERS, OLD_INDEX, USERS_INDEX]))) {
      repository.write(path, text);
    }
    const report = await lint(repository);
    expect(errorsOf(report)).toEqual([`0002_users_index ${CODE}`]);
    expect(report.notes).toEqual([
      expect.stringMatching(/^1 new migration linted \(not committed; there is no remote/),
    ]);
  });

  describe('in the clone of a workflow', () => {
    /** As actions/checkout makes it for a pull request into main: one commit, detached, of one ref. */
    function checkout(depth: readonly string[]) {
      const origin = gitRepository(project([USERS, OLD_INDEX]));
      origin.git('switch', '-q', '-c', 'feature');
      origin.commit('one more', project([USERS, OLD_INDEX, USERS_INDEX]));
      const clone = repositoryAt(temporaryFolder());
      clone.git('init', '-q');
      clone.git('remote', 'add', 'origin', `file://${origin.path}`);
      clone.git('fetch', '-q', ...depth, 'origin', '+refs/heads/feature:refs/remotes/pull/1/merge');
      clone.git('checkout', '-q', '--detach', 'refs/remotes/pull/1/merge');
      return clone;
    }
    const env = { GITHUB_BASE_REF: 'main' };
    const run = async ({ path }: Place, args: readonly string[]) => {
      const { stdout, exitCode } = await runCli([...args, '--format', 'json'], { cwd: path, env });
      expect((JSON.parse(stdout) as Report).exitCode).toBe(exitCode);
      return JSON.parse(stdout) as Report;
    };

    test('that has no base, lint and check are no success, and say what is missing', async () => {
      const clone = checkout(['--depth', '1']);
      for (const args of [['lint'], ['check', '--only', 'lint'], ['check', '--only', 'git']]) {
        const report = await run(clone, args);
        expect({ args, ...report }).toMatchObject({ args, exitCode: 1, findings: [] });
        expect(report.notChecked[0]?.reason).toMatch(
          /GITHUB_BASE_REF.*main is not known here.*fetch-depth: 0/,
        );
      }
      expect(await run(clone, ['check', '--only', 'history'])).toMatchObject({ exitCode: 0 });
    });

    test('that is shallow, without a word on the base, neither', async () => {
      const clone = checkout(['--depth', '1']);
      const { stdout, exitCode } = await runCli(['lint'], { cwd: clone.path });
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining('fetch-depth: 0')]);
    });

    test('that has it, the base of the pull request is taken', async () => {
      const clone = checkout([]);
      clone.git('fetch', '-q', 'origin', '+refs/heads/*:refs/remotes/origin/*');
      for (const args of [['lint'], ['check', '--only', 'lint']]) {
        const report = await run(clone, args);
        expect(errorsOf(report)).toEqual([`0002_users_index ${CODE}`]);
        expect(report.notes).toEqual(['1 new migration linted (not on origin/main).']);
      }
      // What is asked for by name wins.
      expect(await run(clone, ['lint', '--base', 'HEAD'])).toMatchObject({
        exitCode: 0,
        summary: { files: 0 },
      });
    });
  });

  test('before the first commit is everything, together', async () => {
    const repository = repositoryAt(temporaryFolder(project([USERS, OLD_INDEX])));
    repository.git('init', '-q');
    expect(await lint(repository)).toMatchObject({ exitCode: 0, findings: [], summary: { files: 2 } });
  });

  test('without git is everything, one by one, and how to narrow it is said', async () => {
    const report = await lint(temporaryFolder(project([USERS, OLD_INDEX])));
    expect(errorsOf(report)).toEqual([`0001_old_index ${CODE}`]);
    expect(report.notes).toEqual([expect.stringMatching(/all 2 were linted.*lint <file> lints one/)]);
  });

  test('in the 1.x layout is told by the folders’ names', async () => {
    const files = (all: readonly { name: string; sql: string }[]) => ({
      'drizzle.config.json': CONFIG,
      ...historyFiles('folders', 'drizzle', all),
    });
    const clone = cloneRepository(gitRepository(files([USERS, OLD_INDEX])));
    for (const [path, text] of Object.entries(files([USERS, OLD_INDEX, USERS_INDEX])))
      clone.write(path, text);
    expect(errorsOf(await lint(clone))).toEqual([expect.stringMatching(/_users_index /)]);
  });

  test('a journal that cannot be read is told', async () => {
    const clone = branch();
    clone.write('drizzle/meta/_journal.json', '<<<<<<< ours\n');
    const report = await lint(clone);
    expect(report.exitCode).toBe(1);
    expect(report.findings.map(({ code }) => code)).toContain('history/unreadable');
  });
});

describe('--staged', () => {
  test('judges what the commit adds or changes, as it is staged', async () => {
    const clone = branch();
    expect(await lint(clone, ['--staged'])).toMatchObject({ exitCode: 0, findings: [] });
    clone.git('add', '.');
    expect(errorsOf(await lint(clone, ['--staged']))).toEqual([`0004_users_index ${CODE}`]);
    // What lies beside is nobody's business.
    clone.write('drizzle/0004_users_index.sql', 'SELECT 1;\n');
    expect(errorsOf(await lint(clone, ['--staged']))).toEqual([`0004_users_index ${CODE}`]);
    clone.git('add', '.');
    expect(errorsOf(await lint(clone, ['--staged']))).toEqual([]);
  });

  test('a migration of the branch that is changed is judged again, with its deployment around it', async () => {
    const clone = branch();
    clone.commit('all of it');
    expect(await lint(clone, ['--staged'])).toMatchObject({
      exitCode: 0,
      notes: ['No migration that is new is staged.'],
    });
    clone.write(
      'drizzle/0003_orders_index.sql',
      `${ORDERS_INDEX.sql}CREATE INDEX "again" ON "users" ("email");\n`,
    );
    clone.git('add', '.');
    const report = await lint(clone, ['--staged']);
    expect(errorsOf(report)).toEqual([`0003_orders_index ${CODE}`]);
    expect(report.findings.find(({ code }) => code === CODE)).toMatchObject({ line: 2 });
    expect(report.notes).toEqual(['1 staged migration linted (not on origin/main).']);
  });

  test('outside of git it cannot be asked', async () => {
    expect(await refuse(temporaryFolder(project([USERS])), ['--staged'])).toContain('--staged: ');
  });
});

describe('files by name', () => {
  test('are linted even if they are merged, with what the migrations before them made', async () => {
    const clone = branch();
    for (const name of [
      '0001_old_index',
      'drizzle/0001_old_index.sql',
      join(clone.path, 'drizzle/0001_old_index.sql'),
    ]) {
      const report = await lint(clone, [name]);
      expect(errorsOf(report)).toEqual([`0001_old_index ${CODE}`]);
      expect(report).toMatchObject({ notes: [], summary: { files: 1 } });
    }
    // The table came with another migration of the branch.
    expect(await lint(clone, ['0003_orders_index'])).toMatchObject({ exitCode: 0, findings: [] });
  });

  test('a directory is all of its files', async () => {
    const clone = branch();
    expect((await lint(clone, ['drizzle'])).summary.files).toBe(5);
    const folders = temporaryFolder(historyFiles('folders', 'drizzle', [USERS, OLD_INDEX]));
    expect((await lint(folders, ['drizzle'])).summary.files).toBe(2);
    const [, second = ''] = Object.keys(historyFiles('folders', 'drizzle', [USERS, OLD_INDEX]));
    expect(errorsOf(await lint(folders, [join(second, '..')]))).toEqual([expect.stringContaining(CODE)]);
  });

  test('need no project, and know nothing of each other', async () => {
    const folder = temporaryFolder({ 'a.sql': USERS.sql, 'b.sql': OLD_INDEX.sql, 'c.sql': 'SELEC 1;\n' });
    const report = await lint(folder, ['a.sql', 'b.sql', 'c.sql', './a.sql']);
    expect(errorsOf(report)).toEqual([`b ${CODE}`, 'c lint/syntax-error']);
    expect(report.summary.files).toBe(3);
  });

  test('names that lead to nothing are told, all at once', async () => {
    const told = await refuse(branch(), ['0001_old_indx', 'nope/x.sql', '.git']);
    expect(told).toContain('0001_old_indx: is neither a file nor a migration; did you mean 0001_old_index?');
    expect(told).toContain('nope/x.sql: is neither a file nor a migration');
    expect(told).toContain('.git: holds no SQL file');
    expect(await refuse(temporaryFolder(), ['nope.sql'])).toContain('there is no file');
  });

  test('a pattern that no shell expanded is expanded', async () => {
    const folder = temporaryFolder({ 'db/a.sql': USERS.sql, 'db/b.SQL': OLD_INDEX.sql, 'db/c.txt': 'no\n' });
    expect((await lint(folder, ['db/*.sql'])).summary.files).toBe(1);
    expect(errorsOf(await lint(folder, ['**/*.{sql,SQL}']))).toEqual([`b ${CODE}`]);
    expect((await lint(folder, ['db'])).summary.files).toBe(2);
    expect(await refuse(folder, ['nope/*.sql'])).toContain('nope/*.sql: matches no file');
    // A file of that very name is meant before any pattern.
    const odd = temporaryFolder({ 'a[1].sql': OLD_INDEX.sql, 'a1.sql': USERS.sql });
    expect(errorsOf(await lint(odd, ['a[1].sql']))).toEqual([`a[1] ${CODE}`]);
  });

  test('what is no SQL is refused, not read as such', async () => {
    const folder = temporaryFolder({
      'src/schema.ts': 'export const a = 1;\n',
      'a.sql': USERS.sql,
      'b.psql': USERS.sql,
    });
    expect(await refuse(folder, ['src/schema.ts', 'a.sql'])).toContain(
      'src/schema.ts: is no SQL file; lint reads .sql, and drizzle-companion check the schema code',
    );
    expect(await refuse(folder, ['src/*.ts'])).toContain('src/schema.ts: is no SQL file');
    expect(await refuse(folder, ['src'])).toContain('src: holds no SQL file');
    expect((await lint(folder, ['b.psql'])).summary.files).toBe(1);
  });

  test('without a config it is said that files can be named', async () => {
    const told = await refuse(temporaryFolder(), []);
    expect(told).toContain('drizzle-companion lint db/*.sql');
    expect(told).toContain('no database');
    expect(told).not.toContain('--url');
  });

  test.each([
    [['a.sql', '--all'], '--all: is for the whole folder'],
    [['a.sql', '--staged'], '--staged: takes what is staged'],
    [['--staged', '--base', 'main'], 'are two questions'],
    [['--staged', '--fix'], 'cannot stand together'],
    [['--staged', '--all'], '--staged, --all: are two questions'],
    [['-', '--fix'], 'standard input is none'],
    [['--stdin-name', 'a.sql'], 'give - as a file'],
  ])('%j is refused', async (args, text) => {
    expect(await refuse(temporaryFolder(), args)).toContain(text);
  });

  test('a merged one offers no fix, one that is new does', async () => {
    const clone = branch();
    const fixOf = ({ findings }: Report) => findings.find(({ code }) => code === CODE)?.fix;
    expect(fixOf(await lint(clone, ['0001_old_index']))).toBeUndefined();
    expect(fixOf(await lint(clone, ['0004_users_index']))).toBe(
      'drizzle-companion lint --fix drizzle/0004_users_index.sql',
    );
    expect(fixOf(await lint(clone))).toBe('drizzle-companion lint --fix');
  });
});

describe('standard input', () => {
  const SQL = 'CREATE INDEX "at" ON "orders" ("at");\n';

  test('is read for -, and where there is no project', async () => {
    const empty = temporaryFolder();
    for (const args of [['-'], []]) {
      const report = await lint(empty, args, SQL);
      expect(errorsOf(report)).toEqual([`<stdin> ${CODE}`]);
      expect(report.findings[0]).toMatchObject({ file: '<stdin>' });
    }
    expect(await refuse(empty, [])).toContain('none found');
  });

  test('takes the place of the file it is named after', async () => {
    const clone = branch();
    expect(errorsOf(await lint(clone, ['-'], SQL))).toHaveLength(1);
    const named = ['-', '--stdin-name', 'drizzle/0003_orders_index.sql'];
    expect(await lint(clone, named, SQL)).toMatchObject({ exitCode: 0, findings: [] });
    expect(errorsOf(await lint(clone, named, `${SQL}CREATE INDEX "b" ON "users" ("email");\n`))).toHaveLength(
      1,
    );
  });
});

test('paths in the messages of migrations are looked for from the folder up to the top of the repository', async () => {
  const raise = (path: string) => `DO $$ BEGIN RAISE EXCEPTION 'rows are left: see ${path}'; END $$;\n`;
  const guards = ['docs/there.md', 'scripts/near.sh', 'docs/gone.md'].map((path, place) => ({
    name: `guard_${'abc'[place]}`,
    sql: raise(path),
  }));
  const inPackage = Object.entries(project([USERS, ...guards])).map(([path, text]) => [
    `packages/db/${path}`,
    text,
  ]);
  const repository = gitRepository({
    ...Object.fromEntries(inPackage),
    'docs/there.md': 'what to do\n',
    'packages/db/scripts/near.sh': 'true\n',
  });
  const { findings } = await lint({ path: join(repository.path, 'packages/db') }, ['--all']);
  expect(findings.filter(({ code }) => code === 'lint/raise-names-missing-path')).toEqual([
    expect.objectContaining({ migration: '0003_guard_c', message: expect.stringContaining('docs/gone.md') }),
  ]);
});

describe('the companion config', () => {
  const withConfig = (config: object) => {
    const clone = branch();
    clone.write('drizzle-companion.config.json', JSON.stringify(config));
    return clone;
  };

  test.each([
    [{ rules: { [CODE]: 'off' } }],
    [{ rules: { [CODE]: { level: 'warning' } } }],
    [{ lint: { smallTables: ['users'] } }],
  ])('%j takes the error away', async (config) => {
    expect(await lint(withConfig(config))).toMatchObject({ exitCode: 0, summary: { errors: 0 } });
  });

  test('holds for the files of its project, wherever they are named from, and for files beside it', async () => {
    const folder = temporaryFolder({
      'app/drizzle-companion.config.json': JSON.stringify({ rules: { [CODE]: 'info' } }),
      'app/sql/a.sql': OLD_INDEX.sql,
      'b.sql': OLD_INDEX.sql,
    });
    expect(errorsOf(await lint(folder, ['app/sql/a.sql', 'b.sql']))).toEqual([`b ${CODE}`]);
  });

  test('a small table that nobody knows is told, where the whole folder was read', async () => {
    const clone = withConfig({ lint: { smallTables: ['users', 'nosuch'] } });
    const { findings } = await lint(clone);
    expect(findings.filter(({ code }) => code.startsWith('config/'))).toEqual([
      expect.objectContaining({
        code: 'config/unknown-table',
        level: 'warning',
        message:
          'lint.smallTables names nosuch, and neither the migrations nor their snapshot have such a table.',
        file: join(clone.path, 'drizzle-companion.config.json'),
        line: 1,
      }),
    ]);
    const codesOf = async (args: readonly string[]) =>
      (await lint(clone, args)).findings.map(({ code }) => code);
    expect(await codesOf(['0001_old_index'])).not.toContain('config/unknown-table');
    expect(await codesOf(['--base', 'HEAD', '--fix'])).toContain('config/unknown-table');
    const { stdout } = await runCli(['check', '--only', 'lint'], { cwd: clone.path });
    expect(stdout).toContain('warning config/unknown-table');
  });

  test('an exception keeps one finding quiet; one that is for a merged migration is not called unused', async () => {
    const exception = (migration: string) => ({ code: CODE, migration, reason: 'small in production' });
    const both = withConfig({ exceptions: [exception('0001_old_index'), exception('0004_users_index')] });
    const report = await lint(both);
    expect(report).toMatchObject({
      exitCode: 0,
      findings: [],
      excepted: [{ migration: '0004_users_index' }],
    });
    const unused = await lint(
      withConfig({ exceptions: [exception('0002_orders')], rules: { [CODE]: 'off' } }),
    );
    expect(unused.findings.map(({ code }) => code)).toEqual(['config/unused-exception']);
  });

  test('the version may be said by a flag', async () => {
    const sql = 'CREATE TABLE "t" ("id" bigint PRIMARY KEY, "a" text UNIQUE NULLS NOT DISTINCT);\n';
    const folder = temporaryFolder({ 'a.sql': sql });
    const codes = async (...args: string[]) =>
      (await lint(folder, ['a.sql', ...args])).findings.map(({ code }) => code);
    expect(await codes()).toContain('lint/syntax-needs-newer-postgres');
    expect(await codes('--postgres-version', '15')).not.toContain('lint/syntax-needs-newer-postgres');
  });

  test('a comment in the SQL allows a rule, and that is counted', async () => {
    const clone = branch();
    clone.write(
      'drizzle/0004_users_index.sql',
      `-- drizzle-companion: allow create-index-concurrently a handful of rows\n${USERS_INDEX.sql}`,
    );
    expect(await lint(clone)).toMatchObject({ exitCode: 0, findings: [], allowed: [{ code: CODE }] });
    const { stdout } = await runCli(['lint'], { cwd: clone.path });
    expect(stdout).toContain('1 allowed in the SQL; --verbose shows them');
  });
});

describe('--fix', () => {
  type Fixed = Report & {
    readonly fixed: readonly { file: string; codes: readonly string[] }[];
    readonly notFixed: readonly { file: string; reason: string }[];
  };
  const fix = async (place: Place, args: readonly string[] = []) =>
    (await lint(place, ['--fix', ...args])) as Fixed;
  const MENDED = 'CREATE INDEX CONCURRENTLY "email" ON "users" ("email");\n';

  test('writes what is mechanical, lints again, and says so', async () => {
    const clone = branch();
    const report = await fix(clone);
    expect(report).toMatchObject({
      exitCode: 0,
      fixed: [{ file: join(clone.path, 'drizzle/0004_users_index.sql'), codes: [CODE] }],
      notFixed: [],
    });
    expect(errorsOf(report)).toEqual([]);
    expect(report.notes).toContainEqual(expect.stringContaining('No database is named'));
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(MENDED);
    expect(await fix(clone)).toMatchObject({ fixed: [] });
  });

  test('mends what it shows: what is only worth knowing under --verbose', async () => {
    const clone = branch();
    clone.write('drizzle-companion.config.json', JSON.stringify({ rules: { [CODE]: 'info' } }));
    const told = await lint(clone);
    expect(told.findings.find(({ code }) => code === CODE)?.fix).toBe(
      'drizzle-companion lint --fix --verbose',
    );
    expect(await fix(clone)).toMatchObject({ exitCode: 0, fixed: [], notFixed: [] });
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
    expect(await fix(clone, ['--verbose'])).toMatchObject({ fixed: [{ codes: [CODE] }] });
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(MENDED);
  });

  test('says of what needs a migration of its own that it does', async () => {
    const clone = branch();
    const two = `${USERS_INDEX.sql}--> statement-breakpoint\nCREATE INDEX "email2" ON "users" ("email");\n`;
    clone.write('drizzle/0004_users_index.sql', two);
    expect(await fix(clone)).toMatchObject({
      exitCode: 1,
      fixed: [],
      notFixed: [
        {
          file: join(clone.path, 'drizzle/0004_users_index.sql'),
          codes: [CODE],
          reason: 'needs a migration of its own',
        },
      ],
    });
    const { stdout } = await runCli(['lint', '--fix'], { cwd: clone.path });
    expect(stdout).toContain(`not fixed drizzle/0004_users_index.sql: ${CODE}; needs a migration of its own`);
  });

  test('leaves alone what is merged, and says why', async () => {
    const clone = branch();
    const report = await fix(clone, ['0001_old_index', '0004_users_index']);
    expect(report.fixed).toHaveLength(1);
    expect(report.notFixed).toMatchObject([
      { file: join(clone.path, 'drizzle/0001_old_index.sql'), reason: 'it is on origin/main' },
    ]);
    expect(report.exitCode).toBe(1);
    expect(clone.read('drizzle/0001_old_index.sql')).toBe(OLD_INDEX.sql);
  });

  test('leaves alone what is applied: the ledger is asked', async () => {
    const clone = branch();
    const { url } = await createDatabase();
    expect((await runCli(['migrate', '--url', url], { cwd: clone.path })).exitCode).toBe(0);
    const applied = await fix(clone, ['--url', url]);
    expect(applied).toMatchObject({
      exitCode: 1,
      fixed: [],
      notFixed: [{ reason: 'it is applied' }],
      notes: [expect.any(String)],
    });
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
    const other = await createDatabase();
    expect(await fix(clone, ['--url', other.url])).toMatchObject({ exitCode: 0, fixed: [{ codes: [CODE] }] });
    // Looking has made nothing there.
    const schemas = await other.sql`SELECT nspname FROM pg_namespace WHERE nspname = 'drizzle'`;
    expect(schemas).toHaveLength(0);
  });

  describe('leaves alone what is merged, however it is come by', () => {
    const unharmed = (place: { read(path: string): string }, path = 'drizzle/0001_old_index.sql') =>
      expect(place.read(path)).toBe(OLD_INDEX.sql);

    test('through a link', async () => {
      const clone = branch();
      symlinkSync(join(clone.path, 'drizzle/0001_old_index.sql'), join(clone.path, 'link.sql'));
      const { notFixed } = await fix(clone, ['link.sql']);
      expect(notFixed).toMatchObject([{ reason: 'it is on origin/main' }]);
      unharmed(clone);
    });

    test('where the journal is gone', async () => {
      const clone = branch();
      rmSync(join(clone.path, 'drizzle/meta'), { recursive: true });
      const { notFixed } = await fix(clone, ['drizzle/0001_old_index.sql']);
      expect(notFixed).toMatchObject([{ reason: 'it is on origin/main' }]);
      unharmed(clone);
    });

    test('under another name', async () => {
      const clone = branch();
      clone.git('mv', 'drizzle/0001_old_index.sql', 'drizzle/0001_other.sql');
      for (const [path, text] of Object.entries(project([USERS, { ...OLD_INDEX, name: 'other' }])))
        clone.write(path, text);
      const { notFixed } = await fix(clone, ['0001_other']);
      expect(notFixed).toMatchObject([{ reason: 'what it says is on origin/main, under another name' }]);
      unharmed(clone, 'drizzle/0001_other.sql');
    });

    test('behind a base that is older than the usual one', async () => {
      const origin = gitRepository(project([USERS]));
      for (const [path, text] of Object.entries(project([USERS, OLD_INDEX]))) origin.write(path, text);
      origin.commit('an index');
      const clone = cloneRepository(origin);
      const { notFixed } = await fix(clone, ['--base', 'HEAD~1']);
      expect(notFixed).toMatchObject([{ reason: 'it is on origin/main' }]);
      unharmed(clone);
    });
  });

  test('writes nothing by the ledger of another project', async () => {
    const clone = branch();
    const { url, sql } = await createDatabase();
    await sql.unsafe(`CREATE SCHEMA drizzle;
      CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
      INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('theirs', 1);`);
    expect((await fix(clone, ['--url', url])).notFixed).toMatchObject([
      { reason: 'the ledger that was asked is that of another project' },
    ]);
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
  });

  test('asks the database of the project that the files lie in, wherever it is run', async () => {
    const clone = branch();
    const { url } = await createDatabase();
    expect((await runCli(['migrate', '--url', url], { cwd: clone.path })).exitCode).toBe(0);
    const config = (target: string) =>
      JSON.stringify({ dialect: 'postgresql', out: './drizzle', dbCredentials: { url: target } });
    clone.write('drizzle.config.json', config(url));
    const elsewhere = temporaryFolder({ 'drizzle.config.json': config((await createDatabase()).url) });
    const file = join(clone.path, 'drizzle/0004_users_index.sql');
    expect((await fix(elsewhere, [file])).notFixed).toMatchObject([{ reason: 'it is applied' }]);
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
  });

  test('writes nothing when the ledger gives no answer', async () => {
    const clone = branch();
    const told = await refuse(clone, ['--fix', '--url', 'postgres://nobody@127.0.0.1:1/none'], 6);
    expect(told).toContain('lint --fix asks the ledger what is applied');
    expect(told.replaceAll(/\s+/g, ' ')).toContain('host and port in the database URL are right');
    expect(told).not.toContain('--wait');
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
  });

  test('a config whose database is not set has none', async () => {
    const clone = branch();
    clone.write(
      'drizzle.config.json',
      JSON.stringify({ dialect: 'postgresql', out: './drizzle', dbCredentials: { url: '' } }),
    );
    expect((await fix(clone)).fixed).toHaveLength(1);
  });

  test('writes nothing where neither git nor a database knows anything', async () => {
    const folder = temporaryFolder(project([USERS, OLD_INDEX]));
    const report = await fix(folder);
    expect(report).toMatchObject({
      exitCode: 1,
      fixed: [],
      notFixed: [{ reason: expect.stringContaining('no database is named') }],
    });
    const { url } = await createDatabase();
    expect((await fix(folder, ['--url', url])).fixed).toHaveLength(1);
  });

  test('writes into any other file that is named, as its line ends are', async () => {
    const folder = temporaryFolder({ 'a.sql': USERS_INDEX.sql.replaceAll('\n', '\r\n') });
    expect((await fix(folder, ['a.sql'])).fixed).toHaveLength(1);
    const { stdout, exitCode } = await runCli(['lint', 'a.sql'], { cwd: folder.path });
    expect([exitCode, stdout]).toEqual([0, 'Nothing found (lint; 1 file).\n']);
    expect(repositoryAt(folder).read('a.sql')).toBe(MENDED.replaceAll('\n', '\r\n'));
  });

  test('behind a byte order mark, too', async () => {
    const folder = temporaryFolder({ 'a.sql': `\ufeff${USERS_INDEX.sql}` });
    expect((await fix(folder, ['a.sql'])).fixed).toHaveLength(1);
    expect(repositoryAt(folder).read('a.sql')).toBe(`\ufeff${MENDED}`);
  });

  test('what the config keeps quiet is not mended', async () => {
    const clone = branch();
    const exceptions = [{ code: CODE, migration: '0004_users_index', reason: 'small' }];
    clone.write('drizzle-companion.config.json', JSON.stringify({ exceptions }));
    expect(await fix(clone)).toMatchObject({ exitCode: 0, fixed: [], notFixed: [] });
    expect(clone.read('drizzle/0004_users_index.sql')).toBe(USERS_INDEX.sql);
  });
});

describe('as a group of check', () => {
  const check = async ({ path }: Place, ...args: readonly string[]) => {
    const { stdout } = await runCli(['check', '--format', 'json', ...args], { cwd: path });
    return JSON.parse(stdout) as Report & { readonly groups: readonly string[] };
  };

  test('it judges what is new, with the others', async () => {
    const clone = branch();
    const report = await check(clone, '--only', 'lint', '--only', 'git');
    expect(report.groups).toEqual(['lint', 'git']);
    expect(errorsOf(report)).toEqual([`0004_users_index ${CODE}`]);
    expect(report.notes).toEqual(['3 new migrations linted (not on origin/main).']);
    expect(errorsOf(await check(clone, '--only', 'lint', '--base', 'HEAD'))).toHaveLength(1);
  });

  test('where nothing is new nothing is said', async () => {
    const clone = cloneRepository(gitRepository(project([USERS, OLD_INDEX])));
    expect(await check(clone, '--only', 'lint')).toMatchObject({
      exitCode: 0,
      groups: ['lint'],
      findings: [],
      notes: [],
    });
  });

  test('--staged judges the index', async () => {
    const clone = branch();
    clone.git('add', '.');
    clone.write('drizzle/0004_users_index.sql', 'SELECT 1;\n');
    const report = await check(clone, '--staged', '--only', 'lint');
    expect(errorsOf(report)).toEqual([`0004_users_index ${CODE}`]);
    expect(report.findings.at(-1)?.file).toBe(join(clone.path, 'drizzle/0004_users_index.sql'));
  });

  test('with a database, what is applied is not new', async () => {
    const folder = temporaryFolder(project([USERS, OLD_INDEX]));
    const { url } = await createDatabase();
    await runCli(['migrate', '--url', url], { cwd: folder.path });
    for (const [path, text] of Object.entries(project([USERS, OLD_INDEX, USERS_INDEX])))
      folder.write(path, text);
    const report = await check(folder, '--database', '--url', url, '--only', 'lint');
    expect(errorsOf(report)).toEqual([`0002_users_index ${CODE}`]);
    expect(report.notes).toContain('1 new migration linted (not applied).');
  });
});

test('under GitHub Actions findings are annotations; SARIF is SARIF', async () => {
  const clone = branch();
  const env = { GITHUB_ACTIONS: 'true' };
  const { stdout } = await runCli(['lint'], { cwd: clone.path, env });
  expect(stdout).toContain(`::error file=drizzle/0004_users_index.sql,line=1,endLine=1,col=1,`);
  const sarif = await runCli(['lint', '--format', 'sarif'], { cwd: clone.path });
  expect(JSON.parse(sarif.stdout).runs[0].results[0]).toMatchObject({ level: expect.any(String) });
});
