import type { Catalog, CatalogEntity, CatalogFacts, CatalogKind, CatalogPart } from './catalog.ts';
import { compareText } from './compare-text.ts';

/** What two databases may differ in without being different, for some purpose. */
export type CatalogAspect =
  | 'comments'
  /** Granted on anything, and by default: the roles of one server are not those of another. */
  | 'privileges'
  /** With the schemas that a version has. */
  | 'extension versions'
  | 'publications'
  | 'event triggers'
  /** How rows are kept and sampled, not what they mean. */
  | 'storage'
  | 'column order';

/** Of an entity or a part, in whole (`fact` is null) or in one fact. */
type Said = {
  readonly kind: CatalogKind;
  readonly part: CatalogPart['kind'] | null;
  readonly fact: string | null;
};

const STORED = new Set<CatalogKind>(['table', 'materialized view']);
const STORAGE = new Set([
  'storage',
  'compression',
  'statistics target',
  'options',
  'toast options',
  'access method',
  'clustered',
]);

const BELONGS: Readonly<Record<CatalogAspect, (said: Said) => boolean>> = {
  comments: ({ fact }) => fact === 'comment' || fact === 'index comment',
  privileges: ({ kind, part, fact }) =>
    kind === 'default privileges' || part === 'privilege' || (part === 'column' && fact === 'privileges'),
  'extension versions': ({ kind, fact }) =>
    kind === 'extension' && (fact === 'version' || fact === 'schemas'),
  publications: ({ kind }) => kind === 'publication',
  'event triggers': ({ kind }) => kind === 'event trigger',
  storage: ({ kind, fact }) => STORED.has(kind) && fact !== null && STORAGE.has(fact),
  // No fact: see `ignoreAspects`.
  'column order': () => false,
};

/** The catalog without what is to be overlooked. Pure. */
export function ignoreAspects(catalog: Catalog, ignored: readonly CatalogAspect[]): Catalog {
  if (ignored.length === 0) return catalog;
  const isIgnored = (said: Said) => ignored.some((aspect) => BELONGS[aspect](said));
  const factsOf = (owner: Omit<Said, 'fact'>, facts: CatalogFacts): CatalogFacts =>
    Object.fromEntries(Object.entries(facts).filter(([fact]) => !isIgnored({ ...owner, fact })));
  const partsOf = ({ kind, parts }: CatalogEntity) =>
    parts
      .filter((part) => !isIgnored({ kind, part: part.kind, fact: null }))
      .map((part) => ({ ...part, facts: factsOf({ kind, part: part.kind }, part.facts) }));
  const arranged = (parts: readonly CatalogPart[]) =>
    ignored.includes('column order') ? byName(parts) : parts;
  return {
    ...catalog,
    entities: catalog.entities
      .filter(({ kind }) => !isIgnored({ kind, part: null, fact: null }))
      .map((entity) => ({
        ...entity,
        facts: factsOf({ kind: entity.kind, part: null }, entity.facts),
        parts: arranged(partsOf(entity)),
      })),
  };
}

function byName(parts: readonly CatalogPart[]): readonly CatalogPart[] {
  return parts.toSorted((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name));
}
