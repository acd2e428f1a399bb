import { quoteIdentifier, quoteQualified } from '../sql/quote.ts';
import type { CatalogEntity } from './catalog.ts';

/**
 * The statement, without its end, that makes a schema, an extension, an enum, a sequence with the usual settings, a domain, a
 * composite type; of functions and the like, what PostgreSQL renders. Pure.
 */
export function createSql({ kind, schema, name, facts, parts }: CatalogEntity): string {
  const qualified = quoteQualified(schema, name);
  switch (kind) {
    case 'schema':
      return `CREATE SCHEMA ${quoteIdentifier(name)}`;
    case 'extension':
      return `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(facts.schema ?? 'public')} CASCADE`;
    case 'enum':
      return `CREATE TYPE ${qualified} AS ENUM (${facts.values ?? ''})`;
    case 'sequence':
      return `CREATE SEQUENCE ${qualified}`;
    case 'domain': {
      const rest = [
        facts.collation === undefined ? '' : `COLLATE ${facts.collation}`,
        facts.default === undefined ? '' : `DEFAULT ${facts.default}`,
        facts['not null'] === undefined ? '' : 'NOT NULL',
        ...parts
          .filter((part) => part.kind === 'constraint')
          .map((part) => `CONSTRAINT ${quoteIdentifier(part.name)} ${part.facts.definition ?? ''}`),
      ];
      return `CREATE DOMAIN ${qualified} AS ${facts.type} ${rest.filter((text) => text !== '').join(' ')}`;
    }
    case 'composite type': {
      const columns = parts.filter((part) => part.kind === 'column');
      return `CREATE TYPE ${qualified} AS (${columns.map((part) => `${quoteIdentifier(part.name)} ${part.facts.type}`).join(', ')})`;
    }
    default:
      return facts.definition ?? '';
  }
}
