import type { Catalog, CatalogEntity, CatalogPart } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { type EntityName, isSameEntity } from '../../../catalog/entity-key.ts';
import type { SqlParser } from '../../../sql/parser.ts';

/** What statements are made from: what the migrations make, and what is there, under the names of the migrations. */
export type PutBackContext = {
  readonly made: Catalog;
  readonly live: Catalog;
  readonly parser: SqlParser;
};

/** The entity that a difference is about, in one of the two. Pure. */
export function findEntity({ entities }: Catalog, subject: EntityName): CatalogEntity | null {
  return entities.find((one) => isSameEntity(one, subject)) ?? null;
}

/** The part, likewise. Pure. */
export function findPart(catalog: Catalog, difference: CatalogDifference): CatalogPart | null {
  const { part } = difference;
  const parts = part === null ? [] : (findEntity(catalog, difference)?.parts ?? []);
  return parts.find(({ kind, name }) => kind === part?.kind && name === part.name) ?? null;
}
