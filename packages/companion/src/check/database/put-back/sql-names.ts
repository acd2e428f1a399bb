import type { CatalogKind } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import type { EntityName } from '../../../catalog/entity-key.ts';
import { quoteIdentifier, quoteQualified } from '../../../sql/quote.ts';

/** What kinds are called in DROP, ALTER and COMMENT ON. */
const KINDS: Partial<Readonly<Record<CatalogKind, string>>> = {
  schema: 'SCHEMA',
  extension: 'EXTENSION',
  enum: 'TYPE',
  domain: 'DOMAIN',
  'composite type': 'TYPE',
  'range type': 'TYPE',
  collation: 'COLLATION',
  sequence: 'SEQUENCE',
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  'foreign server': 'SERVER',
  view: 'VIEW',
  'materialized view': 'MATERIALIZED VIEW',
  statistics: 'STATISTICS',
  'text search configuration': 'TEXT SEARCH CONFIGURATION',
  'text search dictionary': 'TEXT SEARCH DICTIONARY',
  publication: 'PUBLICATION',
  'event trigger': 'EVENT TRIGGER',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  aggregate: 'AGGREGATE',
};

const ROUTINES = new Set<CatalogKind>(['function', 'procedure', 'aggregate']);

/** `public.area(integer, integer)`: the types of a routine are PostgreSQL's rendering, and stay as they are. */
export function nameEntity({ kind, schema, name }: EntityName): string {
  if (!ROUTINES.has(kind)) return quoteQualified(schema, name);
  const at = name.indexOf('(');
  return `${quoteQualified(schema, name.slice(0, at))}${name.slice(at)}`;
}

/** `TABLE public.users`; null for what no such statement is known of. */
export function nameObject(subject: EntityName): string | null {
  const kind = KINDS[subject.kind];
  return kind === undefined ? null : `${kind} ${nameEntity(subject)}`;
}

/** As COMMENT ON names it, parts too. */
export function nameCommented(difference: CatalogDifference): string | null {
  const { kind, schema, part } = difference;
  if (part === null) return nameObject(difference);
  const [own, whole] = [quoteIdentifier(part.name), nameEntity(difference)];
  switch (part.kind) {
    case 'column':
      return `COLUMN ${whole}.${own}`;
    case 'index':
      return `INDEX ${quoteQualified(schema, part.name)}`;
    case 'constraint':
      return `CONSTRAINT ${own} ON ${kind === 'domain' ? 'DOMAIN ' : ''}${whole}`;
    case 'trigger':
    case 'rule':
    case 'policy':
      return `${part.kind.toUpperCase()} ${own} ON ${whole}`;
    default:
      return null;
  }
}

/** `ALTER TABLE public.users`, of a table's kind as it stands. */
export function alterRelation(subject: EntityName): string {
  return `ALTER ${KINDS[subject.kind] ?? 'TABLE'} ${nameEntity(subject)}`;
}

/** A role, or PUBLIC, which is none. */
export function nameRole(role: string): string {
  return role === 'PUBLIC' ? role : quoteIdentifier(role);
}
