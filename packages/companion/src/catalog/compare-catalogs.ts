import type { SqlParser } from '../sql/parser.ts';
import { canonicalFact, canonicalFacts, type FactOwner, ownerOf } from './canonical-facts.ts';
import type { Catalog, CatalogEntity, CatalogFacts, CatalogPart } from './catalog.ts';
import { compareColumns } from './compare-columns.ts';
import { compareText } from './compare-text.ts';
import type { CatalogDifference, FactDifference } from './difference.ts';
import { entityKey } from './entity-key.ts';
import { type CatalogAspect, ignoreAspects } from './ignore-aspects.ts';
import { matchByKey, matchRenamed } from './match.ts';
import { withoutConsequences } from './without-consequences.ts';

export type CompareOptions = {
  readonly parser: SqlParser;
  /** Default: nothing. */
  readonly ignore?: readonly CatalogAspect[];
};

/**
 * What the actual database has otherwise than expected, entity by entity. Empty when the fingerprints of both are equal,
 * and only then (the versions of extensions aside). An entity that is missing or added is one difference, with all its
 * parts; what follows from another difference is not told again.
 *
 * Names matter, also those that PostgreSQL made up (`users_email_key1`): a later migration drops by name. So an index, a
 * constraint and the like that is there under another name is `renamed`. Three kinds of names are nobody's handle, and not
 * compared: what partitions have of their parents', NOT NULL constraints, and in a serial column's default its sequence's.
 * Pure.
 */
export function compareCatalogs(
  expected: Catalog,
  actual: Catalog,
  { parser, ignore = [] }: CompareOptions,
): readonly CatalogDifference[] {
  const [before, after] = [ignoreAspects(expected, ignore), ignoreAspects(actual, ignore)];
  const byKey = matchByKey(before.entities, after.entities, entityKey);
  const { renamed, missing, added } = matchRenamed(byKey, (entity) => nameless(entity, parser));
  const differences = [
    ...missing.map((entity) => wholly('missing', entity, null)),
    ...added.map((entity) => wholly('added', entity, null)),
    ...renamed.map(([one, other]) => called(one, null, other.name)),
    ...byKey.matched.flatMap(([one, other]) => compareEntities(one, other, parser)),
  ];
  return withoutConsequences(differences, before, after, parser).toSorted(byEntity);
}

function byEntity(a: CatalogDifference, b: CatalogDifference): number {
  return compareText(entityKey(a), entityKey(b));
}

function compareEntities(
  expected: CatalogEntity,
  actual: CatalogEntity,
  parser: SqlParser,
): readonly CatalogDifference[] {
  const facts = compareFacts(ownerOf(expected), expected.facts, actual.facts, parser);
  const columns = compareColumns(expected, actual);
  // What a view selects is what columns it has.
  const redefined = facts.some(({ fact }) => fact === 'definition');
  const follows = (part: CatalogPart) => redefined && part.kind === 'column';
  const byKey = matchByKey(expected.parts, actual.parts, ({ kind, name }) => JSON.stringify([kind, name]));
  const { renamed, missing, added } = matchRenamed(byKey, (part) => namelessPart(expected, part, parser));
  const own = [...facts, ...(redefined ? [] : columns)];
  return [
    ...(own.length > 0 ? [changed(expected, null, own)] : []),
    ...missing.filter((part) => !follows(part)).map((part) => wholly('missing', expected, part)),
    ...added.filter((part) => !follows(part)).map((part) => wholly('added', expected, part)),
    ...renamed.map(([one, other]) => called(expected, one, other.name)),
    ...byKey.matched.flatMap(([one, other]) => {
      const differing = compareFacts(ownerOf(expected, one), one.facts, other.facts, parser);
      const told = follows(one) ? differing.filter(({ fact }) => fact !== 'type') : differing;
      return told.length > 0 ? [changed(expected, one, told)] : [];
    }),
  ];
}

function compareFacts(
  owner: FactOwner,
  expected: CatalogFacts,
  actual: CatalogFacts,
  parser: SqlParser,
): readonly FactDifference[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return names.flatMap((fact) => {
    const [one = null, other = null] = [expected[fact], actual[fact]];
    if (one === other) return [];
    const isSame =
      one !== null &&
      other !== null &&
      canonicalFact(owner, fact, one, parser) === canonicalFact(owner, fact, other, parser);
    return isSame ? [] : [{ fact, expected: one, actual: other }];
  });
}

/**
 * All but the name, where PostgreSQL may have made the name up: the sequence of a serial column, a statistics object. Any
 * other entity under another name is another.
 */
function nameless(entity: CatalogEntity, parser: SqlParser): string | null {
  const { kind, schema, facts, parts } = entity;
  if (kind !== 'statistics' && !(kind === 'sequence' && 'owned by' in facts)) return null;
  const said = parts.map((part) => [
    part.kind,
    part.name,
    canonicalFacts(ownerOf(entity, part), part.facts, parser),
  ]);
  return JSON.stringify([kind, schema, canonicalFacts(ownerOf(entity), facts, parser), said]);
}

/** The same of a part. A column, a grantee and a member are what their names say. */
function namelessPart(entity: CatalogEntity, part: CatalogPart, parser: SqlParser): string | null {
  if (part.kind === 'column' || part.kind === 'privilege' || part.kind === 'member') return null;
  return JSON.stringify([part.kind, canonicalFacts(ownerOf(entity, part), part.facts, parser)]);
}

function wholly(
  change: 'missing' | 'added',
  entity: CatalogEntity,
  part: CatalogPart | null,
): CatalogDifference {
  const facts = Object.entries((part ?? entity).facts).map(([fact, value]) => ({
    fact,
    expected: change === 'missing' ? value : null,
    actual: change === 'missing' ? null : value,
  }));
  return { change, ...subject(entity, part), facts };
}

function changed(
  entity: CatalogEntity,
  part: CatalogPart | null,
  facts: readonly FactDifference[],
): CatalogDifference {
  return { change: 'changed', ...subject(entity, part), facts };
}

function called(entity: CatalogEntity, part: CatalogPart | null, actual: string): CatalogDifference {
  const facts = [{ fact: 'name', expected: (part ?? entity).name, actual }];
  return { change: 'renamed', ...subject(entity, part), facts };
}

function subject({ kind, schema, name }: CatalogEntity, part: CatalogPart | null) {
  return { kind, schema, name, part: part && { kind: part.kind, name: part.name } };
}
