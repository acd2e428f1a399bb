import type { CatalogDifference } from '../../../catalog/difference.ts';
import { quoteIdentifier, quoteQualified } from '../../../sql/quote.ts';
import { alterRelation, nameEntity, nameObject } from './sql-names.ts';

/** What gives it the name back that the migrations give it, and the schema. Pure. */
export function renameSql(difference: CatalogDifference): readonly string[] {
  const { kind, schema, name, part, facts } = difference;
  const actual = facts.find(({ fact }) => fact === 'name')?.actual ?? name;
  if (part === null) {
    const home = facts.find(({ fact }) => fact === 'schema')?.actual ?? schema;
    const there = nameObject({ kind, schema: home, name: actual });
    const moved = nameObject({ kind, schema, name: actual });
    return [
      ...(home === schema ? [] : [`ALTER ${there} SET SCHEMA ${quoteIdentifier(schema ?? '')};`]),
      ...(actual === name ? [] : [`ALTER ${moved} RENAME TO ${quoteIdentifier(name)};`]),
    ];
  }
  const [from, to] = [quoteIdentifier(actual), quoteIdentifier(part.name)];
  switch (part.kind) {
    case 'index':
      return [`ALTER INDEX ${quoteQualified(schema, actual)} RENAME TO ${to};`];
    case 'column':
      return [`${alterRelation(difference)} RENAME COLUMN ${from} TO ${to};`];
    case 'constraint':
      return [`${alterRelation(difference)} RENAME CONSTRAINT ${from} TO ${to};`];
    default:
      return [`ALTER ${part.kind.toUpperCase()} ${from} ON ${nameEntity(difference)} RENAME TO ${to};`];
  }
}
