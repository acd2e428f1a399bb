import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_WHEN, journalFolder, runCli, serverUrl, withDatabase } from '@companion/testing';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import type { RehearseOnShadowOptions } from '../../src/rehearse/rehearse-on-shadow.ts';
import { rehearseOnShadow } from '../../src/rehearse/rehearse-on-shadow.ts';
import { NO_SHADOW_SETTINGS } from '../../src/shadow/shadow.ts';
import { timeOfName } from '../../src/shadow/shadow-name.ts';
import { gitRepository, historyFiles } from '../git-repository.ts';
import { BREAK, failureOf, folderOf, statementsOf } from './rehearse-sql.ts';

const CHAIN = [
  `CREATE TYPE mood AS ENUM ('good');${BREAK}CREATE TABLE users (id int PRIMARY KEY, m mood);${BREAK}INSERT INTO users SELECT n, 'good' FROM generate_series(1, 100) n;`,
  "ALTER TYPE mood ADD VALUE 'bad';",
  `UPDATE users SET m = 'bad';${BREAK}ALTER TABLE users ALTER COLUMN id TYPE bigint;`,
  'CREATE INDEX CONCURRENTLY users_m ON users (m);',
  'DROP INDEX CONCURRENTLY users_m;\nALTER TABLE users ADD COLUMN a int;',
];

const USERS = { name: 'users', sql: 'CREATE TABLE users (id int);' };
const AGE = { name: 'age', sql: 'ALTER TABLE users ADD COLUMN age int;' };
const COLOR = { name: 'color', sql: 'ALTER TABLE users ADD COLUMN color text;', when: FIRST_WHEN + 90_000 };

const onPglite = (migrations: readonly string[], options: Partial<RehearseOnShadowOptions> = {}) =>
  rehearseOnShadow({
    folder: folderOf(migrations),
    shadow: NO_SHADOW_SETTINGS,
    directory: import.meta.dirname,
    ...options,
  });

// PGlite starts several times in some of them, each time for seconds on a machine that is busy.
describe('rehearse --shadow', { timeout: 120_000 }, () => {
  it('runs the whole chain from nothing, commits and all, and measures it', async () => {
    const report = await onPglite(CHAIN);
    expect(report).toMatchObject({
      on: 'shadow',
      database: null,
      shadow: { provider: 'pglite', from: null, stock: null },
    });
    expect(report.steps.map(({ state }) => state)).toEqual(CHAIN.map(() => 'rehearsed'));
    const told = statementsOf(report);
    expect(
      told.every(({ durationMs, notRehearsed }) => durationMs !== null && notRehearsed === undefined),
    ).toBe(true);
    expect(told.map(({ rewritten }) => rewritten).filter((names) => names.length > 0)).toEqual([
      ['users', 'users_pkey'],
    ]);
    expect(told.find(({ sql }) => sql.startsWith('UPDATE'))?.rows).toEqual([
      { table: 'users', read: 100, inserted: 0, updated: 100, deleted: 0 },
    ]);
    expect(
      report.steps.map(({ locks }) =>
        locks.map(({ relation, mode, measured }) => [relation, mode, measured]),
      ),
    ).toEqual([[], [], [['users', 'AccessExclusive', true]], [], [['users', 'AccessExclusive', false]]]);
  });

  it('fails with the place of the statement, and tells what went before', async () => {
    const error = await failureOf(onPglite([...CHAIN, `SELECT 1;${BREAK}SELECT\n  nosuch FROM users;`]));
    expect(error).toMatchObject({
      code: 'migration-failed',
      exitCode: 3,
      fields: { migration: '0005_m', place: { line: 3, column: 3 }, server: { sqlstate: '42703' } },
    });
    expect(error.fields.snippet).toContain('nosuch FROM users');
    expect(error.fields.rehearsal?.steps.at(-1)?.statements.map(({ state }) => state)).toEqual([
      'rehearsed',
      'failed',
    ]);
    expect(error.fields.rehearsal?.steps.map(({ state }) => state)).toEqual([
      ...CHAIN.map(() => 'rehearsed'),
      'failed',
    ]);
  });

  it('finds with --stock what a fresh database would not survive under stock drizzle', async () => {
    const error = await failureOf(onPglite(CHAIN, { stock: true }));
    expect(error).toMatchObject({
      exitCode: 3,
      fields: { migration: '0003_m', place: { line: 1 }, server: { sqlstate: '25001' } },
    });
    expect(error.message).toContain('stock drizzle');
    expect(error.fields.rehearsal?.steps.map(({ state }) => state)).toEqual(CHAIN.map(() => 'rehearsed'));
    const fine = await onPglite(CHAIN.slice(0, 2), { stock: true });
    expect(fine.shadow?.stock).toBe(2);
  });

  it('runs what a commit has first, and then measures what it lacks', async () => {
    const names = CHAIN.map((_, at) => `000${at}_m`);
    const folder = (count: number) => {
      const { path } = journalFolder(
        names.slice(0, count).map((name, at) => ({ name, sql: CHAIN[at] ?? '' })),
      );
      const files = [...names.slice(0, count).map((name) => `${name}.sql`), 'meta/_journal.json'];
      return Object.fromEntries(
        files.map((file) => [`drizzle/${file}`, readFileSync(join(path, file), 'utf8')]),
      );
    };
    const repository = gitRepository({ 'readme.md': 'no migrations yet' });
    repository.commit('released', folder(3));
    repository.git('tag', 'released');
    repository.commit('branch', folder(5));
    const run = (from: string, options: Partial<RehearseOnShadowOptions> = {}) =>
      onPglite([], { folder: join(repository.path, 'drizzle'), from, ...options });
    const report = await run('released');
    expect(report.shadow?.from).toEqual({ ref: 'released', migrations: 3 });
    expect(report.steps.map(({ name, state }) => [name, state])).toEqual([
      ['0003_m', 'rehearsed'],
      ['0004_m', 'rehearsed'],
    ]);
    // What only stock drizzle stumbles over is the branch's index: the enum was released before.
    const asStock = await failureOf(run('released', { stock: true }));
    expect(asStock.fields).toMatchObject({ migration: '0003_m', server: { sqlstate: '25001' } });
    expect((await run('HEAD')).steps).toEqual([]);
    expect((await run('released~1', { to: '0000_m' })).shadow?.from).toEqual({
      ref: 'released~1',
      migrations: 0,
    });
    expect(await failureOf(run('nosuch'))).toMatchObject({ code: 'usage-invalid', exitCode: 2 });
  });

  it('runs first what the branch found on main, where main has gone on, and says so in words of git', async () => {
    const repository = gitRepository(historyFiles('journal', 'drizzle', [USERS]));
    repository.git('checkout', '-qb', 'pr');
    repository.git('checkout', '-q', 'main');
    repository.commit('age', historyFiles('journal', 'drizzle', [USERS, AGE]));
    repository.git('checkout', '-q', 'pr');
    const shadow = { ...NO_SHADOW_SETTINGS, url: await serverUrl() };
    const folder = join(repository.path, 'drizzle');
    const run = (options: Partial<RehearseOnShadowOptions> = {}) =>
      onPglite([], { folder, shadow, from: 'main', ...options });
    const behind = {
      code: 'plan/behind',
      level: 'warning',
      message: expect.stringContaining('main has gone on with 0001_age'),
      fix: 'git merge main',
    };
    // Nothing of its own.
    expect(await run()).toMatchObject({ steps: [], findings: [behind] });
    repository.commit('color', historyFiles('journal', 'drizzle', [USERS, COLOR]));
    expect(await run()).toMatchObject({
      shadow: { from: { ref: 'main', migrations: 1 } },
      steps: [{ name: '0001_color', state: 'rehearsed' }],
      findings: [behind],
    });
    // What was there before is not behind, but edited or gone.
    repository.write('drizzle/0000_users.sql', 'SELECT 1;');
    const edited = await failureOf(run());
    expect(edited).toMatchObject({
      code: 'history-refused',
      exitCode: 4,
      fields: {
        message: 'Refused: the migrations here contradict those of main in one place.',
        findings: [
          {
            code: 'git/edited',
            migration: '0000_users',
            file: join(folder, '0000_users.sql'),
            fix: 'git diff main -- :/drizzle/0000_users.sql',
          },
        ],
        fix: 'drizzle-companion check --base main',
      },
    });
    expect(JSON.stringify(edited.fields)).not.toMatch(/[Ll]edger|status/);
    const overlooked = await run({ accept: [{ code: 'ledger/edited', name: '0000_users' }] });
    expect(overlooked.steps.map(({ name }) => name)).toEqual(['0001_color']);
    for (const [path, text] of Object.entries(historyFiles('journal', 'drizzle', [COLOR]))) {
      repository.write(path, text);
    }
    expect(await failureOf(run())).toMatchObject({
      fields: { findings: [{ code: 'git/deleted', migration: '0000_users' }] },
    });
    rmSync(join(folder, '0000_color.sql'));
    // Merged, main's are all here; what is older than they are stock drizzle skips.
    const merged = [USERS, { ...COLOR, when: FIRST_WHEN + 1 }, { ...AGE, when: FIRST_WHEN + 60_000 }];
    repository.commit('merged', historyFiles('journal', 'drizzle', merged));
    expect(await run()).toMatchObject({
      shadow: { from: { migrations: 2 } },
      steps: [{ name: '0001_color' }],
      findings: [{ code: 'git/older-than-base', level: 'warning', migration: '0001_color' }],
    });
    // Nothing in common: enough where all of it is here, else too little.
    repository.git('checkout', '-q', '--orphan', 'other');
    repository.commit('other');
    expect((await run()).steps).toHaveLength(1);
    repository.commit('less', historyFiles('journal', 'drizzle', [USERS]));
    expect(await failureOf(run())).toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining('cannot tell where they parted'),
    });
  });

  it('waits for a shadow server that is not up yet, where it is asked to, and annotates edited files', async () => {
    const repository = gitRepository(historyFiles('journal', 'drizzle', [USERS]));
    const bin = (...flags: readonly string[]) =>
      runCli(['rehearse', '--shadow', '--folder', 'drizzle', '--format', 'github', ...flags], {
        cwd: repository.path,
      });
    const nobody = ['--shadow-url', 'postgres://nobody@127.0.0.1:1/none'];
    repository.write('drizzle/0000_users.sql', 'SELECT 1;');
    const [waited, lonely, annotated] = await Promise.all([
      bin(...nobody, '--wait', '1s'),
      bin('--wait', '1s'),
      bin('--from', 'HEAD'),
    ]);
    expect([waited.exitCode, waited.stdout]).toEqual([6, expect.stringContaining('trying again in')]);
    expect(waited.stderr).toContain('shadow server');
    expect([lonely.exitCode, lonely.stderr]).toEqual([2, expect.stringContaining('--wait is for a server')]);
    expect(annotated.exitCode).toBe(4);
    expect(annotated.stdout).toContain(
      '::error file=drizzle/0000_users.sql,line=1,title=git/edited::0000_users differs',
    );
  });

  it('begins the deploy of a branch as a run begins: a session of its own, and the ledger', async () => {
    const dump = `SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (id int);`;
    const chain = [
      dump,
      'CREATE TABLE u (id int);',
      `ALTER DATABASE "acme" SET timezone TO 'UTC';${BREAK}GRANT USAGE ON SCHEMA drizzle TO PUBLIC;${BREAK}DELETE FROM drizzle.__drizzle_migrations;${BREAK}CREATE TABLE v (id int);`,
    ];
    const entries = (count: number) => {
      const { path } = journalFolder(chain.slice(0, count).map((sql, at) => ({ name: `000${at}_m`, sql })));
      const journal = readFileSync(join(path, 'meta/_journal.json'), 'utf8');
      const files = chain.slice(0, count).map((sql, at) => [`drizzle/000${at}_m.sql`, sql]);
      return { ...Object.fromEntries(files), 'drizzle/meta/_journal.json': journal };
    };
    const repository = gitRepository(entries(1));
    repository.git('tag', 'one');
    repository.commit('two', entries(2));
    repository.git('tag', 'two');
    repository.commit('three', entries(3));
    const shadow = { ...NO_SHADOW_SETTINGS, url: await serverUrl() };
    const run = (from: string | null, options: Partial<RehearseOnShadowOptions> = {}) =>
      onPglite([], { folder: join(repository.path, 'drizzle'), shadow, from, ...options });
    const report = await run('one', { stock: true });
    expect(report.steps.map(({ name, state }) => [name, state])).toEqual([
      ['0001_m', 'rehearsed'],
      ['0002_m', 'partly-rehearsed'],
    ]);
    expect(statementsOf(report).map(({ notRehearsed }) => notRehearsed ?? null)).toEqual([
      null,
      'it is about the database acme, and a shadow is another',
      null,
      null,
      null,
    ]);
    // Two deploys have made it.
    expect((await run('two')).steps.map(({ state }) => state)).toEqual(['partly-rehearsed']);
    // A new database is made in one run, and fails as it would under migrate.
    expect(await failureOf(run(null))).toMatchObject({
      code: 'migration-failed',
      fields: {
        migration: '0001_m',
        server: { sqlstate: '3F000' },
        hint: expect.stringContaining('SET search_path'),
      },
    });
    const elsewhere = await failureOf(
      run('one', { ledger: { schema: 'ops', table: '__drizzle_migrations' } }),
    );
    expect(elsewhere).toMatchObject({ fields: { migration: '0002_m', server: { sqlstate: '3F000' } } });
  });

  it('refuses what a run would refuse, and says what a provider cannot do', async () => {
    expect(await failureOf(onPglite(['COPY a FROM stdin;']))).toMatchObject({
      code: 'history-refused',
      exitCode: 4,
    });
    const unable = await failureOf(onPglite(['CREATE EXTENSION postgis;']));
    expect(unable).toMatchObject({
      code: 'shadow-unavailable',
      exitCode: 2,
      fields: { migration: '0000_m' },
    });
  });

  it('runs on a server, which it leaves as it was, and never on the target', async () => {
    await withDatabase(async ({ url }) => {
      const server = await serverUrl();
      const admin = postgres(server, { max: 1 });
      const started = Date.now();
      const shadow = { ...NO_SHADOW_SETTINGS, provider: 'server' as const, url: server };
      const report = await onPglite(CHAIN, { shadow, target: { url }, stock: false });
      const ended = Date.now();
      expect(report.shadow?.provider).toBe('server');
      expect(report.steps.map(({ state }) => state)).toEqual(CHAIN.map(() => 'rehearsed'));
      // Other tests have shadows on the server, too, for as long as they run.
      const left = async () =>
        (await admin`select datname from pg_database`).filter(({ datname }) => {
          const time = timeOfName(datname) ?? 0;
          return time >= started && time <= ended;
        });
      await expect.poll(left, { timeout: 30_000 }).toEqual([]);
      const refused = await failureOf(onPglite(CHAIN, { shadow: { ...shadow, url }, target: { url } }));
      expect(refused).toMatchObject({ code: 'shadow-refused', exitCode: 4 });
      await admin.end();
    });
  });
});
