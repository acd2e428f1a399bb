import { fileURLToPath } from 'node:url';
import { postgresVersions, serverUrl } from '@companion/testing';
import { expect, it } from 'vitest';
import { shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import { compareCatalogs } from '../catalog/compare-catalogs.ts';
import { fingerprintCatalog } from '../catalog/fingerprint.ts';
import { readMigrationFolder } from '../folder/read-migration-folder.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { readShadowCatalog } from './read-shadow-catalog.ts';
import type { ShadowSettings } from './shadow.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url));

it("the product's migrations make the same database with every provider", { timeout: 240_000 }, async () => {
  const { migrations } = readMigrationFolder(MIGRATIONS).folder;
  const parser = await loadSqlParser();
  const read = async (settings: Partial<ShadowSettings>) => {
    const options = { ...shadowOptions(TESTING_DIRECTORY, settings), runner: 'companion' as const };
    const result = await readShadowCatalog(migrations, options);
    if (result.kind === 'failed') throw new Error(`${result.failure.migration}: ${result.failure.message}`);
    return result.catalog;
  };
  const pglite = await read({});
  const embedded = await read({ provider: 'embedded' });
  const servers = await Promise.all(
    postgresVersions().map(async (version) => read({ url: await serverUrl({ version }) })),
  );
  expect(pglite.entities.length).toBeGreaterThan(10);
  for (const other of [embedded, ...servers]) {
    expect(compareCatalogs(pglite, other, { parser })).toEqual([]);
    expect(fingerprintCatalog(other, parser)).toBe(fingerprintCatalog(pglite, parser));
  }
});
