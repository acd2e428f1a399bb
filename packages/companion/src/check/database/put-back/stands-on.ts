import type { Catalog, CatalogEntity, CatalogPart } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { isSameEntity } from '../../../catalog/entity-key.ts';
import { mentionsIn } from '../../../catalog/mentions.ts';
import type { SqlParser } from '../../../sql/parser.ts';
import { findEntity, type PutBackContext } from './context.ts';

/** Nothing stands on what is said here. */
const PROSE = new Set([
  'comment',
  'index comment',
  'values',
  'options',
  'toast options',
  'granted',
  'privileges',
]);

/** What the thing stands on, as the migrations have it or as it is here: what its SQL names. Pure. */
export function mentionsOf(
  difference: CatalogDifference,
  side: 'expected' | 'actual',
  { made, live, parser }: PutBackContext,
): ReadonlySet<string> {
  const { part, facts, change, name } = difference;
  const texts = facts.flatMap((fact) => (PROSE.has(fact.fact) ? [] : (fact[side] ?? [])));
  const isWhole = part === null && (change === 'missing' || change === 'added');
  const entity = isWhole ? findEntity(side === 'expected' ? made : live, difference) : null;
  const ofParts = (entity?.parts ?? []).flatMap((one) => textsOf(one));
  // Of a routine, the types that it takes.
  const all = [...texts, ...ofParts, ...(name.includes('(') ? [name.slice(name.indexOf('('))] : [])];
  return new Set(all.flatMap((text) => mentionsIn(text, parser)));
}

/** How others name it: a part by its table, a schema by itself. Pure. */
export function handleOf({ kind, schema, name }: CatalogDifference): string {
  return JSON.stringify(kind === 'schema' ? [name] : [schema, name.split('(')[0]]);
}

/** May others stand on it? On a column, a key, and on all that is no part. Pure. */
export function isGround({ part, facts }: CatalogDifference): boolean {
  if (part === null || part.kind === 'column') return true;
  const definition = facts.find(({ fact }) => fact === 'definition');
  const text = definition?.expected ?? definition?.actual ?? '';
  return part.kind === 'constraint' && /^(?:PRIMARY|UNIQUE)/.test(text);
}

/** Does something outside of the schema stand on what is in it, that is there to stay? Pure. */
export function isStoodOn(
  schema: string,
  { entities }: Catalog,
  { differences, parser }: { readonly differences: readonly CatalogDifference[]; readonly parser: SqlParser },
): boolean {
  const handle = JSON.stringify([schema]);
  const names = (texts: readonly string[]) =>
    texts.some((text) => text.includes(schema) && mentionsIn(text, parser).includes(handle));
  return entities.some((entity) => {
    if (entity.schema === schema || isAdded(entity, null, differences)) return false;
    return (
      names([...textsOf(entity), entity.name]) ||
      entity.parts.some((part) => !isAdded(entity, part, differences) && names(textsOf(part)))
    );
  });
}

function isAdded(
  entity: CatalogEntity,
  part: CatalogPart | null,
  differences: readonly CatalogDifference[],
): boolean {
  return differences.some(
    (one) =>
      one.change === 'added' &&
      isSameEntity(one, entity) &&
      one.part?.kind === part?.kind &&
      one.part?.name === part?.name,
  );
}

function textsOf({ facts }: Pick<CatalogPart, 'facts'>): readonly string[] {
  return Object.entries(facts).flatMap(([fact, text]) => (PROSE.has(fact) ? [] : [text]));
}
