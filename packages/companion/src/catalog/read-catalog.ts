import type { Catalog, CatalogEntity, CatalogFacts, CatalogPart, CatalogSource } from './catalog.ts';
import type { CatalogScope } from './catalog-sql.ts';
import { objectQueries } from './objects-sql.ts';
import { relationQueries } from './relations-sql.ts';

const EVERYTHING: CatalogScope = { schemas: [], tables: [] };

/**
 * Reads what the database is, from pg_catalog, in one question. Inside a transaction of the caller's its search path is
 * empty afterwards.
 */
export async function readCatalog(source: CatalogSource, scope: CatalogScope = EVERYTHING): Promise<Catalog> {
  const [[version = '0'] = []] = (await source.query('SHOW server_version_num')) as [string[]];
  const serverVersion = Number(version);
  const major = Math.floor(serverVersion / 10_000);
  const queries = [...relationQueries(scope, major), ...objectQueries(scope, major)];
  // With an empty search path PostgreSQL qualifies every name that it renders, whatever the role's own path is.
  const sql = `SELECT pg_catalog.set_config('search_path', '', true);\n${queries.join('\nUNION ALL\n')}`;
  return { serverVersion, entities: assemble(await source.query(sql)) };
}

type MutableEntity = CatalogEntity & {
  facts: CatalogFacts;
  readonly parts: (CatalogPart & { readonly place: number })[];
};

/** Rows, in any order, to entities. */
function assemble(rows: readonly (readonly (string | null)[])[]): readonly CatalogEntity[] {
  const entities = new Map<string, MutableEntity>();
  for (const [kind, schema = null, name = '', partKind, partName, place, text] of rows) {
    const key = JSON.stringify([kind, schema, name]);
    const entity = entities.get(key) ?? {
      kind: kind as CatalogEntity['kind'],
      schema,
      name: name ?? '',
      facts: {},
      parts: [],
    };
    entities.set(key, entity);
    const facts = JSON.parse(text ?? '{}') as CatalogFacts;
    if (partKind === null || partKind === undefined) entity.facts = facts;
    else
      entity.parts.push({
        kind: partKind as CatalogPart['kind'],
        name: partName ?? '',
        facts,
        place: Number(place),
      });
  }
  return [...entities]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { parts, ...entity }]) => ({
      ...entity,
      parts: parts
        .sort((a, b) => compareText(a.kind, b.kind) || a.place - b.place || compareText(a.name, b.name))
        .map(({ place: _, ...part }) => part),
    }));
}

/** By code points, on every machine alike. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
