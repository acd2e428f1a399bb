import type { SqlParser } from '../sql/parser.ts';
import type { Catalog, CatalogEntity } from './catalog.ts';
import type { CatalogDifference } from './difference.ts';
import { entityKey } from './entity-key.ts';
import { parseQualified } from './parse-qualified.ts';

/**
 * Without what another difference says already: that a partition's column is other than expected when its parent's is so in the
 * same way, and that the sequence of a serial column is missing or added with its column or table. Pure.
 */
export function withoutConsequences(
  differences: readonly CatalogDifference[],
  expected: Catalog,
  actual: Catalog,
  parser: SqlParser,
): readonly CatalogDifference[] {
  const told = new Set(differences.map(describe));
  const entities = new Map(
    [...actual.entities, ...expected.entities].map((entity) => [entityKey(entity), entity]),
  );
  return differences.filter((difference) => {
    const entity = entities.get(entityKey(difference));
    return entity === undefined || !follows(difference, entity, told, parser);
  });
}

function follows(
  difference: CatalogDifference,
  { facts }: CatalogEntity,
  told: ReadonlySet<string>,
  parser: SqlParser,
): boolean {
  if (difference.part?.kind === 'column') {
    const parents = facts['partition of'] ?? facts.inherits;
    return parseQualified(parents, parser).some(([schema = '', name = '']) =>
      told.has(describe({ ...difference, kind: 'table', schema, name })),
    );
  }
  const { change } = difference;
  if (difference.part !== null || difference.kind !== 'sequence' || change === 'changed') return false;
  return parseQualified(facts['owned by'], parser).some(([schema = '', name = '', column = '']) => {
    const table = { change, kind: 'table', schema, name } as const;
    return (
      told.has(describe({ ...table, part: null })) ||
      told.has(describe({ ...table, part: { kind: 'column', name: column } }))
    );
  });
}

/** In one text: what it is that differs, and in which facts. */
function describe({
  change,
  kind,
  schema,
  name,
  part,
  facts = [],
}: Omit<CatalogDifference, 'facts'> & Partial<Pick<CatalogDifference, 'facts'>>): string {
  const said = change === 'changed' ? facts : [];
  return JSON.stringify([change, kind, schema, name, part?.kind, part?.name, said]);
}
