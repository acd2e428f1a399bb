import type { CatalogEntity } from './catalog.ts';

/** What tells an entity from all others of its catalog. */
export type EntityName = Pick<CatalogEntity, 'kind' | 'schema' | 'name'>;

/** Equal for entities of one name in two catalogs. Pure. */
export function entityKey({ kind, schema, name }: EntityName): string {
  return JSON.stringify([kind, schema, name]);
}

/** Pure. */
export function isSameEntity(one: EntityName, other: EntityName): boolean {
  return one.kind === other.kind && one.schema === other.schema && one.name === other.name;
}
