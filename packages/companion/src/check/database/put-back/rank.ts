import type { CatalogKind, CatalogPartKind } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';

type Sort = CatalogKind | CatalogPartKind;

/** What mostly stands on others before what others stand on. */
const DROPPED: readonly Sort[] = [
  'event trigger',
  'privilege',
  'trigger',
  'policy',
  'rule',
  'view',
  'materialized view',
  'member',
  'publication',
  'constraint',
  'index',
  'statistics',
  'column',
  'foreign table',
  'table',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'cast',
  'operator',
  'domain',
  'composite type',
  'range type',
  'enum',
  'text search configuration',
  'text search dictionary',
  'collation',
  'foreign server',
  'extension',
  'schema',
];

/** Making goes the other way; an index first may be what a constraint stands on, and functions serve what comes after. */
const MADE: readonly Sort[] = [...DROPPED].reverse();

/**
 * In which order to put things back, where nothing tells of another: names first, so that all others are right; then what was
 * added goes, what was changed is changed back, and what is missing is made. Pure.
 */
export function rankOf({ change, kind, part }: CatalogDifference): number {
  const sort = part?.kind ?? kind;
  switch (change) {
    case 'renamed':
      return kind === 'schema' && part === null ? 0 : part === null ? 1 : part.kind === 'column' ? 2 : 3;
    case 'added':
      return 100 + DROPPED.indexOf(sort);
    case 'changed':
      return 200 + MADE.indexOf(sort);
    case 'missing':
      return 300 + MADE.indexOf(sort);
  }
}
