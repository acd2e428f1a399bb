import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, journalFolder, type TestFolder, temporaryFolder } from '@companion/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const VERSION: string = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
const BIN = 'node_modules/.bin/drizzle-companion';
/** Each file is one statement between breakpoints, as drizzle-kit writes it: no parser is needed. */
const SINGLE_STATEMENTS = [
  { name: '0000_users', sql: 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "name" text);' },
  {
    name: '0001_groups',
    sql: `CREATE TABLE "groups" ("id" serial PRIMARY KEY);--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "group_id" integer REFERENCES "groups" ("id");`,
  },
];

describe('The package, packed and installed into an empty project', () => {
  let project: TestFolder;
  let packed: readonly string[];
  beforeAll(async () => {
    project = temporaryFolder({ 'package.json': '{ "private": true, "type": "module" }' });
    const pack = await run('npm', ['pack', '--json', '--pack-destination', project.path], PACKAGE);
    expect(pack.exitCode, pack.stderr).toBe(0);
    // What the prepack script prints stands before the JSON.
    const [tarball] = JSON.parse(pack.stdout.slice(pack.stdout.indexOf('[\n')));
    packed = tarball.files.map((file: { path: string }) => file.path);
    const install = await run(
      'npm',
      ['install', '--no-audit', '--no-fund', `./${tarball.filename}`],
      project.path,
    );
    expect(install.exitCode, install.stderr).toBe(0);
  }, 180_000);
  afterAll(() => project?.dispose());

  it('holds what is built, the bin and the texts, and nothing else', () => {
    expect(packed.filter((file) => !/^(bin|dist)\/[^/]+\.(js|d\.ts)$/.test(file)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      // The bin is CommonJS, and what it asks first.
      'bin/package.json',
      'dist/nothing-staged.cjs',
      'docs/findings.md',
      ...readdirSync(join(PACKAGE, '../../docs/rules')).map((page) => `docs/rules/${page}`),
      'docs/troubleshooting.md',
      'package.json',
    ]);
    expect(packed).toEqual(
      expect.arrayContaining([
        'bin/drizzle-companion.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/main.js',
      ]),
    );
  });

  it('brings few packages along', () => {
    const installed = readdirSync(join(project.path, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed.sort()).toEqual([
      // Optional, for shadow databases; an image leaves it out with --omit=optional.
      '@electric-sql',
      '@kwsites',
      '@pgsql',
      '@simple-git',
      'debug',
      'drizzle-companion',
      'fdir',
      'jiti',
      'libpg-query',
      'ms',
      'picomatch',
      'postgres',
      'simple-git',
      'tinyglobby',
    ]);
  });

  it('answers to npx', async () => {
    const { exitCode, stdout } = await run('npx', ['drizzle-companion', '--version'], project.path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${VERSION}\n` });
  });

  it('has the pages of its rules at hand', async () => {
    const { stdout, exitCode } = await run(
      'npx',
      ['drizzle-companion', 'lint', '--explain', 'drop-column'],
      project.path,
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^lint\/drop-column\n\n/),
    });
  });

  it('migrates and tells the status', async () => {
    const { url, sql } = await createDatabase();
    const { path: folder } = journalFolder([
      ...SINGLE_STATEMENTS,
      {
        name: '0002_parsed',
        sql: 'CREATE TABLE "a" ();\nCREATE INDEX CONCURRENTLY "i" ON "users" ("name");',
      },
    ]);
    const target = ['--folder', folder, '--url', url];
    expect(await run(BIN, ['migrate', ...target], project.path)).toMatchObject({ exitCode: 0, stderr: '' });

    const status = await run(BIN, ['status', '--format', 'json', ...target], project.path);
    expect(JSON.parse(status.stdout)).toMatchObject({
      version: 1,
      command: 'status',
      summary: { applied: 3, pending: 0 },
    });
    expect(await sql`select to_regclass('i')::text as i`).toMatchObject([{ i: 'i' }]);
  });

  it('reads a config written in TypeScript', async () => {
    const { url } = await createDatabase();
    project.write('configured/drizzle.config.ts', CONFIG);
    cpSync(journalFolder(SINGLE_STATEMENTS).path, join(project.path, 'configured/drizzle'), {
      recursive: true,
    });
    const { exitCode, stdout } = await run(
      join(project.path, BIN),
      ['migrate', '--format', 'json'],
      join(project.path, 'configured'),
      { DATABASE_URL: url },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).steps).toHaveLength(2);
  });

  it('is a library', async () => {
    const { url } = await createDatabase();
    project.write('library.mjs', LIBRARY);
    const { path: folder } = journalFolder(SINGLE_STATEMENTS);
    const { stdout, stderr } = await run(process.execPath, ['library.mjs', url, folder], project.path);
    expect({ stdout: stdout && JSON.parse(stdout), stderr }).toEqual({
      stderr: '',
      stdout: { before: 'problems-found', steps: ['done', 'done'], ready: true, applied: 2 },
    });
  });

  it('has types that strict TypeScript takes, those of its dependencies included', async () => {
    project.write('typed.mts', TYPED);
    project.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['typed.mts'] }),
    );
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const { exitCode, stdout } = await run(process.execPath, [tsc, '-p', '.'], project.path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  it('migrates, tells the status and its health with `postgres` alone', async () => {
    const { url } = await createDatabase();
    const bare = temporaryFolder();
    cpSync(project.path, bare.path, { recursive: true, verbatimSymlinks: true });
    for (const name of readdirSync(join(bare.path, 'node_modules'))) {
      if (['.bin', 'drizzle-companion', 'postgres'].includes(name)) continue;
      rmSync(join(bare.path, 'node_modules', name), { recursive: true });
    }
    const { path: folder } = journalFolder(SINGLE_STATEMENTS);
    const target = ['--folder', folder, '--url', url];
    const outcomes = [];
    for (const command of ['health', 'migrate', 'status', 'health']) {
      const { exitCode, stderr } = await run(BIN, [command, '--quiet', ...target], bare.path);
      outcomes.push({ command, exitCode, stderr: exitCode === 0 ? stderr : '' });
    }
    expect(outcomes).toEqual([
      { command: 'health', exitCode: 1, stderr: '' },
      { command: 'migrate', exitCode: 0, stderr: '' },
      { command: 'status', exitCode: 0, stderr: '' },
      { command: 'health', exitCode: 0, stderr: '' },
    ]);
  });
});

const CONFIG = `import type {} from 'postgres';
const url: string | undefined = process.env.DATABASE_URL;
export default { dialect: 'postgresql' as const, out: './drizzle', dbCredentials: { url: url! } };
`;

const LIBRARY = `import { assertMigrated, CompanionError, migrate, readiness, readStatus } from 'drizzle-companion';
import postgres from 'postgres';
const [url, folder] = process.argv.slice(2);
const before = await assertMigrated({ url, folder }).catch((error) => error instanceof CompanionError && error.code);
const client = postgres(url);
const { steps } = await migrate({ client, folder });
await assertMigrated({ client, folder });
const { ready } = await readiness({ client, folder });
await client.end();
const { comparison } = await readStatus({ url, folder });
console.log(JSON.stringify({ before, steps: steps.map((step) => step.state), ready, applied: comparison.summary.applied }));
`;

const TYPED = `import {
  assertMigrated, CompanionError, migrate, readiness, readStatus,
  type ErrorCode, type MigrateReport, type Readiness, type RunEvent, type StatusReport,
} from 'drizzle-companion';
import postgres from 'postgres';

const client: postgres.Sql = postgres('postgres://localhost/none');
const onEvent = (event: RunEvent): void => {
  if (event.type === 'step-end') console.log(event.step.name, event.step.durationMs.toFixed());
};
export const report: Promise<MigrateReport> = migrate({ client, folder: 'drizzle', lockTimeoutMs: 100, onEvent });
export const status: Promise<StatusReport> = readStatus({ url: 'postgres://localhost/none', folder: 'drizzle' });
export const verdict: Promise<Readiness> = readiness({ client, folder: 'drizzle' });
export const codeOf = (error: unknown): ErrorCode | null => (error instanceof CompanionError ? error.code : null);
// @ts-expect-error a database is needed
await assertMigrated({ folder: 'drizzle' });
// @ts-expect-error durations are numbers
await migrate({ client, folder: 'drizzle', lockTimeoutMs: '5s' });
`;

/** Node's own types are the user's to install; they are the only thing the project borrows here. */
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))],
};

type Outcome = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  // What `npm test` tells its scripts would make an npm below it look for the wrong project.
  const own = Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package)_/.test(name));
  const env = { ...Object.fromEntries(own), ...more };
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr: exitCode === -1 ? `${error}\n${stderr}` : stderr });
    });
  });
}
