import type {
  Catalog,
  CatalogEntity,
  CatalogFacts,
  CatalogKind,
  CatalogPart,
} from '../../catalog/catalog.ts';

/** What drizzle can say of each kind of thing; of any other fact no snapshot knows. */
const FACTS: Partial<Readonly<Record<CatalogKind, readonly string[]>>> = {
  schema: [],
  enum: ['values'],
  sequence: ['start', 'increment', 'min', 'max', 'cache', 'cycle'],
  table: ['row security'],
  view: ['definition', 'options'],
  'materialized view': ['definition', 'options', 'access method'],
};
const PART_FACTS: Partial<Readonly<Record<CatalogPart['kind'], readonly string[]>>> = {
  column: ['type', 'not null', 'default', 'generated', 'expression', 'identity'],
  constraint: ['definition'],
  index: ['definition'],
  policy: ['as', 'for', 'to', 'using', 'with check'],
};

export type Divided = {
  /** What drizzle can say, with what it can say of it. */
  readonly expressible: Catalog;
  /** What it has no words for, by name: `function touch()`, `trigger t on messages`. */
  readonly others: readonly string[];
};

/** A catalog, divided into what a drizzle schema can declare and the names of the rest. Pure. */
export function divideByDrizzle(catalog: Catalog): Divided {
  const others: string[] = [];
  const entities = catalog.entities.flatMap((entity) => {
    const facts = FACTS[entity.kind];
    if (facts === undefined || 'partition of' in entity.facts) {
      others.push(`${'partition of' in entity.facts ? 'partition' : entity.kind} ${nameOf(entity)}`);
      return [];
    }
    // The sequence of a serial column comes and goes with it.
    if (entity.kind === 'sequence' && 'owned by' in entity.facts) return [];
    const parts = entity.parts.filter((part) => isExpressible(entity, part));
    others.push(
      ...entity.parts.filter((part) => isOther(entity, part)).map((part) => namePart(entity, part)),
    );
    if ('partitioned by' in entity.facts) others.push(`partitioning of ${nameOf(entity)}`);
    return {
      ...entity,
      facts: pick(withRowSecurity(entity.facts), facts),
      parts: parts.map((part) => ({ ...part, facts: pick(part.facts, PART_FACTS[part.kind] ?? []) })),
    };
  });
  return { expressible: { ...catalog, entities }, others };
}

/** What a view has for columns its definition says. A materialized view's index is drizzle's blind spot. */
function isExpressible({ kind }: CatalogEntity, part: CatalogPart): boolean {
  if (kind !== 'table') return false;
  if (part.kind === 'constraint' && part.facts.definition?.startsWith('EXCLUDE')) return false;
  return (
    PART_FACTS[part.kind] !== undefined && !(part.kind === 'constraint' && !('definition' in part.facts))
  );
}

function isOther({ kind, facts }: CatalogEntity, part: CatalogPart): boolean {
  if (part.kind === 'column' || 'partition of' in facts) return false;
  if (part.kind === 'constraint' && kind === 'table')
    return part.facts.definition?.startsWith('EXCLUDE') ?? false;
  return kind !== 'table' || PART_FACTS[part.kind] === undefined;
}

/** FORCE is beyond drizzle, ENABLE is not. */
function withRowSecurity(facts: CatalogFacts): CatalogFacts {
  const { 'row security': security, ...others } = facts;
  return security === 'enabled' || security === 'forced' ? { ...others, 'row security': 'enabled' } : others;
}

function pick(facts: CatalogFacts, names: readonly string[]): CatalogFacts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));
}

function nameOf({ schema, name }: CatalogEntity): string {
  return schema === null || schema === 'public' ? name : `${schema}.${name}`;
}

function namePart(entity: CatalogEntity, { kind, name }: CatalogPart): string {
  if (kind === 'privilege') return `privileges of ${name} on ${nameOf(entity)}`;
  return kind === 'member' ? `${name} in ${nameOf(entity)}` : `${kind} ${name} on ${nameOf(entity)}`;
}
