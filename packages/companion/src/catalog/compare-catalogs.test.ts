import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGES } from '../../test/catalog/changes.ts';
import { EVERYTHING } from '../../test/catalog/everything.ts';
import { makeAgain } from '../../test/catalog/make-again.ts';
import { type CatalogDatabase, catalogServers } from '../../test/catalog/sources.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import type { Catalog } from './catalog.ts';
import { compareCatalogs } from './compare-catalogs.ts';
import { describeDifferences } from './describe-difference.ts';
import type { CatalogDifference } from './difference.ts';
import { fingerprintCatalog } from './fingerprint.ts';
import { readCatalog } from './read-catalog.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

const OPPOSITE = { missing: 'added', added: 'missing', changed: 'changed', renamed: 'renamed' } as const;

describe.each(catalogServers())('compareCatalogs on $title', ({ open }) => {
  let database: CatalogDatabase;
  let before: Catalog;
  let mark: string;

  beforeAll(async () => {
    database = await open();
    await database.execute(EVERYTHING);
    before = await readCatalog(database);
    mark = fingerprintCatalog(before, parser);
  }, 60_000);
  afterAll(() => database.close());

  async function readChanged(sql: string): Promise<Catalog> {
    await database.execute('BEGIN');
    try {
      await database.execute(sql);
      return await readCatalog(database);
    } finally {
      await database.execute('ROLLBACK');
    }
  }

  it('finds nothing where nothing changed', async () => {
    const after = await readChanged('SELECT 1');
    expect(compareCatalogs(before, after, { parser })).toEqual([]);
    expect(fingerprintCatalog(after, parser)).toBe(mark);
  });

  it('finds nothing where all was made again from what PostgreSQL prints of it, as a restored dump is', async () => {
    const statements = makeAgain(before);
    expect(statements.length).toBeGreaterThan(60);
    const after = await readChanged(statements.join(';\n'));
    const rendered = ({ entities }: Catalog) =>
      entities.find(({ name }) => name === 'coded')?.facts.definition;
    expect(rendered(after)).not.toBe(rendered(before));
    expect(describeDifferences(compareCatalogs(before, after, { parser }))).toEqual([]);
    expect(fingerprintCatalog(after, parser)).toBe(mark);
  });

  for (const [of, changes] of Object.entries(CHANGES))
    describe(`one change of ${of}`, () => {
      it.each(changes)('$sql', async ({ sql, difference, since = 14 }) => {
        if (database.major < since) return expect(readChanged(sql)).rejects.toThrow();
        const after = await readChanged(sql);
        const differences = compareCatalogs(before, after, { parser });
        expect(differences.map(spell)).toEqual([difference]);
        // The other way round it is the same one.
        const reverse = compareCatalogs(after, before, { parser });
        expect(reverse.map(({ change }) => change)).toEqual(
          differences.map(({ change }) => OPPOSITE[change]),
        );
        expect(fingerprintCatalog(after, parser)).not.toBe(mark);
      });
    });
});

/** As `Change` writes it; which facts a missing thing had is no matter. */
function spell({ change, kind, schema, name, part, facts }: CatalogDifference): string {
  const entity = `${change} ${kind} ${schema === null || schema === 'public' ? '' : `${schema}.`}${name}`;
  const subject = part === null ? entity : `${entity} / ${part.kind} ${part.name}`;
  const isWhole = change === 'missing' || change === 'added';
  return (isWhole ? subject : `${subject}: ${facts.map(({ fact }) => fact).join(', ')}`).replace(
    'of postgres',
    'of <me>',
  );
}
