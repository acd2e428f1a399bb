import type { CatalogKind } from '../../catalog/catalog.ts';
import type { CatalogDifference } from '../../catalog/difference.ts';
import { quoteIdentifier, quoteQualified } from '../../sql/quote.ts';

const DROPS: Partial<Readonly<Record<CatalogKind, string>>> = {
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
};

const ROUTINES: Partial<Readonly<Record<CatalogKind, string>>> = {
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  aggregate: 'AGGREGATE',
};

/** The statement that takes away what no migration makes; null where it is not one statement. Pure. */
export function undoSql({ kind, schema, name, part }: CatalogDifference): string | null {
  if (part === null) {
    const routine = ROUTINES[kind];
    if (routine !== undefined) return `DROP ${routine} ${quoteRoutine(schema, name)};`;
    const drop = DROPS[kind];
    return drop === undefined ? null : `DROP ${drop} ${quoteQualified(schema, name)};`;
  }
  const own = quoteIdentifier(part.name);
  const relation = quoteQualified(schema, name);
  switch (part.kind) {
    case 'index':
      return `DROP INDEX CONCURRENTLY ${quoteQualified(schema, part.name)};`;
    case 'column':
      return kind === 'table' ? `ALTER TABLE ${relation} DROP COLUMN ${own};` : null;
    case 'constraint':
      return `ALTER ${kind === 'domain' ? 'DOMAIN' : 'TABLE'} ${relation} DROP CONSTRAINT ${own};`;
    case 'trigger':
      return `DROP TRIGGER ${own} ON ${relation};`;
    case 'rule':
      return `DROP RULE ${own} ON ${relation};`;
    case 'policy':
      return `DROP POLICY ${own} ON ${relation};`;
    default:
      return null;
  }
}

/** `area(integer, integer)`: the types are PostgreSQL's rendering, and stay as they are. */
function quoteRoutine(schema: string | null, name: string): string {
  const at = name.indexOf('(');
  return `${quoteQualified(schema, name.slice(0, at))}${name.slice(at)}`;
}
