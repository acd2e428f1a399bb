import { postgresVersions } from '@companion/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../test/catalog/everything.ts';
import { arrange, type OrderedStatement, randomStatements } from '../../test/catalog/random-statements.ts';
import { type CatalogDatabase, catalogServers, openOnServer } from '../../test/catalog/sources.ts';
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
    const [first, ...others] = catalogServers();
    if (first === undefined) throw new Error('The run has no PostgreSQL.');
    const reference = await readEverything(first.open);
    expect(new Set(reference.entities.map(({ kind }) => kind)).size).toBe(24);
    expect(new Set(reference.entities.flatMap(({ parts }) => parts.map(({ kind }) => kind))).size).toBe(8);
    for (const { title, open } of others) {
      const catalog = await readEverything(open);
      const differences = compareCatalogs(reference, catalog, { parser, ignore: ['extension versions'] });
      expect([title, ...describeDifferences(differences)]).toEqual([title]);
      expect(fingerprintCatalog(catalog, parser)).toBe(fingerprintCatalog(reference, parser));
    }
  });

  async function readEverything(open: () => Promise<CatalogDatabase>): Promise<Catalog> {
    const database = await open();
    try {
      await database.execute(EVERYTHING);
      return await readCatalog(database);
    } finally {
      await database.close();
    }
  }
});

describe('whatever is made, in two orders that commute', () => {
  let one: CatalogDatabase;
  let other: CatalogDatabase;

  beforeAll(async () => {
    one = await openOnServer(postgresVersions().at(0) ?? 0);
    other = await openOnServer(postgresVersions().at(-1) ?? 0);
  });
  afterAll(() => Promise.all([one.close(), other.close()]));

  it('is the same, and without its last statement differs when a difference can be told', {
    timeout: 300_000,
  }, async () => {
    const orders = randomStatements.chain((statements) => {
      const order = fc.array(fc.nat(1000), { minLength: statements.length, maxLength: statements.length });
      return fc.tuple(fc.constant(statements), order, order);
    });
    const property = fc.asyncProperty(orders, async ([statements, order, otherOrder]) => {
      const [first, second] = await Promise.all([
        make(one, arrange(statements, order)),
        make(other, arrange(statements, otherOrder)),
      ]);
      expect(describeDifferences(compareCatalogs(first, second, { parser }))).toEqual([]);
      expect(fingerprintCatalog(second, parser)).toBe(fingerprintCatalog(first, parser));

      const short = await make(one, arrange(statements, order).slice(0, -1));
      const isSame = fingerprintCatalog(short, parser) === fingerprintCatalog(first, parser);
      expect(compareCatalogs(first, short, { parser }).length === 0).toBe(isSame);
    });
    // On failure the seed is printed, and the shortest statements that fail.
    await fc.assert(property, { numRuns: 20 });
  });

  async function make(database: CatalogDatabase, statements: readonly OrderedStatement[]): Promise<Catalog> {
    await database.execute(
      `DROP SCHEMA IF EXISTS made CASCADE; CREATE SCHEMA made; SET search_path TO made;\n${statements.map(({ sql }) => sql).join(';\n')}`,
    );
    return readCatalog(database);
  }
});
