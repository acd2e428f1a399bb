import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogScope } from '../catalog/catalog-sql.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { FACTS_TABLE } from '../ledger/ledger-sql.ts';
import { cacheDirectory } from './cache-directory.ts';
import { readCached, writeCached } from './catalog-cache.ts';
import { catalogKey } from './catalog-key.ts';
import { chooseProvider, pgliteOf } from './choose-provider.ts';
import type { ReplayFailure, ReplayRunner } from './replay.ts';
import { NO_START, type ReplayStart } from './replay-start.ts';
import type { ShadowOptions, ShadowProvider } from './shadow.ts';

export type ShadowCatalog =
  | {
      readonly kind: 'catalog';
      readonly catalog: Catalog;
      readonly provider: ShadowProvider;
      /** Nothing was replayed: the catalog of the same chain was kept. */
      readonly cached: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: ReplayFailure };

export type ShadowCatalogOptions = Omit<ShadowOptions, 'upcoming'> & {
  readonly runner: ReplayRunner;
  /** By default nothing: neither ledger nor search path. */
  readonly start?: ReplayStart;
  /** Of migrations that are through; not told of a chain that is in the cache. */
  readonly onMigration?: (done: number) => void;
};

/**
 * The catalog that a chain of migrations makes on a fresh database, without the ledger. Kept by content: the same chain, under the same
 * settings and versions, is not replayed again. A failure is not kept.
 */
export async function readShadowCatalog(
  chain: readonly MigrationOnDisk[],
  options: ShadowCatalogOptions,
): Promise<ShadowCatalog> {
  const { settings, runner, start = NO_START, directory, onMigration } = options;
  const shadowOptions: ShadowOptions = { ...options, upcoming: chain.map(({ sql }) => sql) };
  const { provider } = chooseProvider(settings);
  const identity = await identityOf(shadowOptions);
  const cache = cacheDirectory(directory);
  const key = await catalogKey({ chain, runner, provider, identity, settings, start });
  const kept = await readCached(cache, key);
  if (kept !== null) return { kind: 'catalog', catalog: kept, provider, cached: true };

  // Not needed by whoever is answered from the cache, and heavy.
  const { onReplayed } = await import('./on-replayed.ts');
  const input = { chain, runner, start, ...(onMigration && { onMigration }) };
  const replayed = await onReplayed(shadowOptions, input, (shadow) =>
    readCatalog(shadow, withoutLedger(start)),
  );
  if (replayed.kind === 'failed') return replayed;
  await writeCached(cache, key, replayed.value);
  return { kind: 'catalog', catalog: replayed.value, provider, cached: false };
}

/** It is the runner's, and no migration makes it. */
function withoutLedger({ ledger }: ReplayStart): CatalogScope {
  if (ledger === null) return { schemas: [], tables: [] };
  const { schema, table } = ledger;
  return { schemas: [], tables: [table, FACTS_TABLE].map((name) => ({ schema, name })) };
}

/** The provider's version, without starting it; a server that runs is asked. */
async function identityOf(options: ShadowOptions): Promise<string> {
  const { settings, directory, target, signal } = options;
  const chosen = chooseProvider(settings);
  switch (chosen.provider) {
    case 'pglite':
      return pgliteOf(options).identity;
    case 'embedded': {
      const { findEmbedded } = await import('./embedded-binaries.ts');
      return findEmbedded(directory).version;
    }
    case 'server': {
      const { askServer } = await import('./server-provider.ts');
      return askServer({ url: chosen.url, target, signal });
    }
  }
}
