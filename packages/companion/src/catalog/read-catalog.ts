import type { Catalog, CatalogEntity, CatalogFacts, CatalogPart, CatalogSource } from './catalog.ts';
import { type CatalogQuery, type CatalogRow, type CatalogScope, commonTables } from './catalog-sql.ts';
import { compareText } from './compare-text.ts';
import { objectQueries } from './objects-sql.ts';
import { relationPartQueries } from './relation-parts-sql.ts';
import { relationQueries } from './relations-sql.ts';
import { routineQueries } from './routines-sql.ts';
import { textSearchQueries } from './text-search-sql.ts';
import { typeQueries } from './types-sql.ts';

const EVERYTHING: CatalogScope = { schemas: [], tables: [] };

/**
 * All that how PostgreSQL renders depends on. With an empty search path it qualifies every name, whatever the role's own
 * path is; constants show in the zone and style of the session. The just-in-time compiler would take seconds for what
 * runs in milliseconds.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: '',
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  xmlbinary: 'base64',
  lc_monetary: 'C',
  quote_all_identifiers: 'off',
  jit: 'off',
};

/**
 * Reads what the database is, from pg_catalog, in one question; nothing in it needs rights that not everybody has. Inside
 * a transaction of the caller's, its search path and the other settings of rendering stay changed to the transaction's end.
 */
export async function readCatalog(source: CatalogSource, scope: CatalogScope = EVERYTHING): Promise<Catalog> {
  const [answer] = await source.query('SHOW server_version_num');
  const serverVersion = Number(answer?.[0]);
  const major = Math.floor(serverVersion / 10_000);
  const queries = [
    ...relationQueries(major),
    ...relationPartQueries(major),
    ...typeQueries(major),
    ...routineQueries(),
    ...textSearchQueries(),
    ...objectQueries(major),
  ];
  const settings = Object.entries(SETTINGS).map(
    ([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`,
  );
  const selects = queries.map(({ sql }, at) => `SELECT ${at}::pg_catalog.text, ${sql}`);
  const sql = `SELECT ${settings.join(', ')};\nWITH ${commonTables(scope)}\n${selects.join('\nUNION ALL\n')}`;
  return { serverVersion, entities: assemble(await source.query(sql), queries) };
}

type Draft = Omit<CatalogEntity, 'facts' | 'parts'> & {
  facts: CatalogFacts;
  readonly parts: (CatalogPart & { readonly place: number })[];
};

/** Rows, in any order, to entities. */
function assemble(
  rows: readonly (readonly (string | null)[])[],
  queries: readonly CatalogQuery[],
): readonly CatalogEntity[] {
  const drafts = new Map<string, Draft>();
  for (const row of rows as readonly CatalogRow[]) {
    const [query, kind, schema, name, partKind, partName, place, values] = row;
    const key = JSON.stringify([kind, schema, name]);
    const draft = drafts.get(key) ?? {
      kind: kind as CatalogEntity['kind'],
      schema,
      name,
      facts: {},
      parts: [],
    };
    drafts.set(key, draft);
    const facts = toFacts(queries[Number(query)]?.facts ?? [], values);
    if (partKind === null) draft.facts = facts;
    else
      draft.parts.push({
        kind: partKind as CatalogPart['kind'],
        name: partName ?? '',
        facts,
        place: Number(place),
      });
  }
  return [...drafts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { parts, ...entity }]) => ({
      ...entity,
      parts: parts
        .sort((a, b) => compareText(a.kind, b.kind) || a.place - b.place || compareText(a.name, b.name))
        .map(({ place: _, ...part }) => part),
    }));
}

function toFacts(names: readonly string[], json: string): CatalogFacts {
  const values = JSON.parse(json) as (string | null)[];
  const facts: Record<string, string> = {};
  for (const [at, value] of values.entries()) {
    const name = names[at];
    if (value !== null && name !== undefined) facts[name] = value;
  }
  return facts;
}
