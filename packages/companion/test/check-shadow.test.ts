import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, runCli } from '@companion/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../src/kernel/finding.ts';
import { type CheckProject, copyProject, createCheckProject } from './check-project.ts';

let pattern: CheckProject;
beforeAll(() => {
  pattern = createCheckProject();
}, 60_000);
afterAll(() => pattern.dispose());

type Report = {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly excepted: readonly Finding[];
  readonly notChecked: readonly { readonly group: string; readonly reason: string }[];
};

async function check({ path }: CheckProject, ...flags: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await runCli(['check', '--format', 'json', ...flags], {
    cwd: path,
    // PGlite makes its first cluster here.
    timeoutMs: 90_000,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

const codesOf = ({ findings }: Report) => findings.map(({ code }) => code);

function addToSql(project: CheckProject, statement: string): void {
  const sql = readdirSync(join(project.path, 'drizzle')).find((name) => name.endsWith('.sql')) ?? '';
  project.write(
    `drizzle/${sql}`,
    `${project.read(`drizzle/${sql}`)}\n--> statement-breakpoint\n${statement}\n`,
  );
}

function writeExceptions(project: CheckProject, ...exceptions: readonly (readonly [string, string])[]): void {
  const listed = exceptions.map(([code, migration]) => ({ code, migration, reason: 'on purpose' }));
  project.write('drizzle-companion.config.json', JSON.stringify({ exceptions: listed }));
}

const DEEP = ['--only', 'snapshots', '--deep'];
const DATABASE = ['--only', 'database', '--database', '--url'];

describe('check --deep', () => {
  test('a project that nobody edited, and one that somebody did; an exception for it is used by --deep alone', async () => {
    const project = copyProject(pattern);
    expect(await check(project, ...DEEP)).toMatchObject({ exitCode: 0, findings: [], notChecked: [] });
    // Of a run's ledger no snapshot knows.
    addToSql(project, 'GRANT USAGE ON SCHEMA drizzle TO PUBLIC;');
    addToSql(project, 'CREATE INDEX users_hand_idx ON users (email);');
    expect(await check(project, ...DEEP)).toMatchObject({
      exitCode: 1,
      findings: [{ code: 'snapshots/unknown', message: expect.stringContaining('users_hand_idx') }],
    });
    writeExceptions(project, ['snapshots/unknown', 'table users']);
    const excepted = await check(project, ...DEEP);
    expect(excepted).toMatchObject({ exitCode: 0, findings: [], excepted: [{ code: 'snapshots/unknown' }] });
    expect(codesOf(await check(project, '--only', 'snapshots'))).toEqual([]);
    writeExceptions(project, ['snapshots/untrue', 'table users']);
    expect(codesOf(await check(project, ...DEEP))).toEqual(['snapshots/unknown', 'config/unused-exception']);
  }, 120_000);

  test('on a server, and not where none can be had', async () => {
    const project = copyProject(pattern);
    const { url } = await createDatabase();
    expect(await check(project, ...DEEP, '--shadow-url', url)).toMatchObject({ exitCode: 0, notChecked: [] });
    const refused = await runCli(['check', ...DEEP, '--shadow-url', url], {
      cwd: project.path,
      env: { DATABASE_URL: url.replace('127.0.0.1', 'localhost') },
    });
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('the target itself')]);
    expect(await check(project, ...DEEP, '--shadow-url', 'postgres://nobody@127.0.0.1:1/none')).toMatchObject(
      {
        exitCode: 1,
        notChecked: [
          { group: 'snapshots', reason: expect.stringContaining('no shadow database can be had') },
        ],
      },
    );
  }, 120_000);
});

describe('check --database', () => {
  test('what was done by hand is an error or a warning, and an exception names it as the message does', async () => {
    const project = copyProject(pattern);
    const { url, sql } = await createDatabase();
    await runCli(['migrate', '--url', url], { cwd: project.path });
    expect(await check(project, ...DATABASE, url)).toMatchObject({
      exitCode: 0,
      findings: [],
      notChecked: [],
    });
    await sql`CREATE INDEX users_hand_idx ON users (email)`;
    expect(await check(project, ...DATABASE, url)).toMatchObject({
      exitCode: 0,
      findings: [{ code: 'database/added', level: 'warning' }],
    });
    await sql`ALTER TABLE users ALTER COLUMN email DROP NOT NULL`;
    expect(await check(project, ...DATABASE, url)).toMatchObject({
      exitCode: 1,
      findings: [{ code: 'database/added' }, { code: 'database/changed', level: 'error' }],
    });
    writeExceptions(
      project,
      ['database/added', 'index users_hand_idx on users'],
      ['database/changed', 'column users.email'],
    );
    const excepted = await check(project, ...DATABASE, url);
    expect(excepted).toMatchObject({ exitCode: 0, findings: [] });
    expect(excepted.excepted.map(({ code }) => code).sort()).toEqual(['database/added', 'database/changed']);
  }, 120_000);

  test("migrations are replayed as the target's sessions run them: its ledger, its search path", async () => {
    const project = copyProject(pattern);
    const { url, sql } = await createDatabase();
    await sql`CREATE SCHEMA app`;
    const target = `${url}?search_path=app,public`;
    addToSql(project, 'GRANT USAGE ON SCHEMA drizzle TO PUBLIC;');
    await runCli(['migrate', '--url', target], { cwd: project.path });
    expect(await sql`SELECT schemaname FROM pg_tables WHERE tablename = 'users'`).toEqual([
      { schemaname: 'app' },
    ]);
    expect(await check(project, ...DATABASE, target)).toMatchObject({
      exitCode: 0,
      findings: [],
      notChecked: [],
    });
  }, 120_000);

  test('the companion config counts, also where --folder and --url say all that is needed', async () => {
    const project = copyProject(pattern);
    const { url, sql } = await createDatabase();
    await runCli(['migrate', '--url', url], { cwd: project.path });
    await sql`CREATE INDEX users_hand_idx ON users (email)`;
    writeExceptions(project, ['database/added', 'index users_hand_idx on users']);
    expect(await check(project, ...DATABASE, url, '--folder', 'drizzle')).toMatchObject({
      findings: [],
      excepted: [{ code: 'database/added' }],
    });
  }, 120_000);

  test('the database is refused as a server for shadows of its own', async () => {
    const project = copyProject(pattern);
    const { url } = await createDatabase();
    await runCli(['migrate', '--url', url], { cwd: project.path });
    const { exitCode, stderr } = await runCli(['check', ...DATABASE, url, '--shadow-url', url], {
      cwd: project.path,
    });
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('the target itself')]);
  }, 120_000);
});
