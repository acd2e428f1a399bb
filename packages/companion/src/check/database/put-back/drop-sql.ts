import type { CatalogDifference } from '../../../catalog/difference.ts';
import { quoteIdentifier, quoteQualified } from '../../../sql/quote.ts';
import { alterRelation, nameEntity, nameObject } from './sql-names.ts';

/** The statement that takes away what no migration makes; null where it is not one statement. Pure. */
export function dropSql(difference: CatalogDifference): string | null {
  const { kind, schema, part } = difference;
  if (part === null) {
    const object = nameObject(difference);
    return object === null ? null : `DROP ${object};`;
  }
  const own = quoteIdentifier(part.name);
  const relation = nameEntity(difference);
  switch (part.kind) {
    case 'index':
      return `DROP INDEX CONCURRENTLY ${quoteQualified(schema, part.name)};`;
    case 'column':
      return kind === 'table' ? `ALTER TABLE ${relation} DROP COLUMN ${own};` : null;
    case 'constraint':
      return `${alterRelation(difference)} DROP CONSTRAINT ${own};`;
    case 'trigger':
    case 'rule':
    case 'policy':
      return `DROP ${part.kind.toUpperCase()} ${own} ON ${relation};`;
    default:
      return null;
  }
}
