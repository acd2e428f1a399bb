import { beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../test/catalog/everything.ts';
import { catalogDatabases } from '../../test/catalog/sources.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import type { Catalog } from './catalog.ts';
import { compareCatalogs } from './compare-catalogs.ts';
import { describeDifferences } from './describe-difference.ts';
import { fingerprintCatalog } from './fingerprint.ts';
import { readCatalog } from './read-catalog.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

describe('one of everything', () => {
  it('is the same on every PostgreSQL, and on PGlite', { timeout: 120_000 }, async () => {
    const catalogs: { readonly title: string; readonly catalog: Catalog }[] = [];
    for (const { title, open } of catalogDatabases()) {
      const database = await open();
      await database.execute(EVERYTHING);
      catalogs.push({ title, catalog: await readCatalog(database) });
    }
    const [first, ...others] = catalogs;
    if (first === undefined) throw new Error('The run has no PostgreSQL.');
    expect(first.catalog.entities.length).toBeGreaterThan(50);
    for (const { title, catalog } of others) {
      const differences = compareCatalogs(first.catalog, catalog, { parser });
      expect([`${first.title} → ${title}`, ...describeDifferences(differences)]).toEqual([
        `${first.title} → ${title}`,
      ]);
      expect(fingerprintCatalog(catalog, parser)).toBe(fingerprintCatalog(first.catalog, parser));
    }
  });
});
