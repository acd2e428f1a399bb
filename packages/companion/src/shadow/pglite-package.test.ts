import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { explainReplayFailure } from './explain-replay-failure.ts';
import { OWN_DIRECTORY } from './find-package.ts';
import { namedExtensions } from './named-extensions.ts';
import { findPglite } from './pglite-package.ts';

function refused(directory: string): CompanionError {
  try {
    findPglite([directory], []);
  } catch (error) {
    if (error instanceof CompanionError) return error;
  }
  throw new Error('it was found');
}

const PGLITE = 'node_modules/@electric-sql/pglite';
const POSTGIS = 'node_modules/@electric-sql/pglite-postgis';
const VECTOR = 'node_modules/@electric-sql/pglite-pgvector';

test('PGlite that is not installed, or is none that we know, is told', () => {
  expect(refused(temporaryFolder().path)).toMatchObject({
    code: 'shadow-unavailable',
    fields: { fix: 'npm install -D @electric-sql/pglite' },
  });
  const old = temporaryFolder({ [`${PGLITE}/package.json`]: '{ "version": "0.2.17" }' });
  expect(refused(old.path).message).toContain('PGlite 0.2.17');
});

test('its extensions are its bundles, and packages of their own where the project has them', () => {
  const project = temporaryFolder({
    [`${PGLITE}/package.json`]: '{ "version": "0.5.3" }',
    [`${PGLITE}/dist/contrib/uuid_ossp.js`]: '',
    [`${PGLITE}/dist/contrib/cube.js`]: '',
    [`${PGLITE}/dist/contrib/earthdistance.js`]: '',
    [`${PGLITE}/dist/contrib/moddatetime.js`]: '',
    [`${VECTOR}/package.json`]: '{ "version": "0.0.15" }',
    [`${VECTOR}/dist/index.js`]: '',
  });
  const names = ['vector', 'uuid-ossp', 'earthdistance', 'autoinc', 'moddatetime', 'postgis', '../index'];
  const found = findPglite([`${project.path}/src/db`, project.path], names);
  expect(found.extensions.map((extension) => extension.export)).toEqual([
    'moddatetime',
    'cube',
    'earthdistance',
    'uuid_ossp',
    'vector',
  ]);
  expect(found.identity).toBe('@electric-sql/pglite@0.5.3 @electric-sql/pglite-pgvector@0.0.15');
});

test('of two PGlites, that for which the extension packages are; and which are for neither', () => {
  const at = (version: string, peers = '') => `{ "version": "${version}"${peers} }`;
  const peer = (range: string) => `, "peerDependencies": { "@electric-sql/pglite": "${range}" }`;
  const project = temporaryFolder({
    [`ours/${PGLITE}/package.json`]: at('0.5.16'),
    [`${PGLITE}/package.json`]: at('0.5.8'),
    [`${VECTOR}/package.json`]: at('0.0.15', peer('^0.5.12')),
    [`${VECTOR}/dist/index.js`]: '',
    [`${POSTGIS}/package.json`]: at('0.2.8', peer('0.5.8')),
    [`${POSTGIS}/dist/index.js`]: '',
  });
  const find = (...names: readonly string[]) => findPglite([`${project.path}/ours`, project.path], names);
  expect([find().version, find('vector').version, find('postgis').version]).toEqual([
    '0.5.16',
    '0.5.16',
    '0.5.8',
  ]);
  expect([find('vector').misfits, find('postgis').misfits]).toEqual([[], []]);
  const both = find('postgis', 'vector');
  expect(both).toMatchObject({ version: '0.5.16', misfits: [{ extension: 'postgis', wanted: '0.5.8' }] });
  expect(
    explainReplayFailure(LIBRARY, { provider: 'pglite', transaction: true, misfits: both.misfits }),
  ).toEqual({
    able: ['server'],
    hint: expect.stringContaining(
      '@electric-sql/pglite-postgis 0.2.8 is for PGlite 0.5.8, and 0.5.16 is installed',
    ),
    fix: 'npm install -D @electric-sql/pglite@0.5.8',
  });
});

/** As PGlite answers where a library was made for another one. */
const LIBRARY = {
  sqlstate: '58P01',
  severity: 'ERROR',
  message: 'could not load library "/pglite/lib/postgresql/plpgsql.so": bad export type',
};

test('ours has what the documentation of shadows promises', () => {
  const promised =
    'btree_gin btree_gist citext fuzzystrmatch hstore intarray ltree pg_stat_statements pg_trgm pgcrypto unaccent uuid-ossp';
  const { extensions, version } = findPglite([OWN_DIRECTORY], promised.split(' '));
  expect(version).toMatch(/^0\.5\./);
  expect(extensions.map((extension) => extension.export)).toEqual(promised.replace('-', '_').split(' '));
});

test('extensions are looked for wherever SQL speaks of them', () => {
  expect(namedExtensions(['CREATE TABLE vector ();', `CREATE\n EXTENSION "uuid-ossp"; -- for ids`])).toEqual([
    'create',
    'extension',
    'for',
    'ids',
    'uuid-ossp',
  ]);
  expect(namedExtensions([`EXECUTE 'create extension ' || 'LTREE'`])).toContain('ltree');
});
