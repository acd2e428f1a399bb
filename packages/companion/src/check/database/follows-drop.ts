import type { CatalogDifference } from '../../catalog/difference.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { columnsOfDefinition } from './columns-of-definition.ts';

/**
 * Did PostgreSQL drop it with something else that is missing? With a column go the indexes, constraints and statistics that
 * stand on it; with a table the foreign keys that point to it. Pure.
 */
export function followsDrop(
  { change, kind, schema, name, part, facts }: CatalogDifference,
  differences: readonly CatalogDifference[],
  parser: SqlParser,
): boolean {
  const isPart = part?.kind === 'index' || part?.kind === 'constraint';
  if (change !== 'missing' || !(isPart || (part === null && kind === 'statistics'))) return false;
  const definition = facts.find(({ fact }) => fact === 'definition')?.expected ?? null;
  if (definition === null) return false;
  const owner = part?.kind === 'constraint' ? { schema, name } : null;
  const stood = columnsOfDefinition(definition, owner, parser);
  return differences.some(
    (other) =>
      other.change === 'missing' &&
      other.schema !== null &&
      stood.some(
        ({ schema: of, table, columns }) =>
          of === other.schema &&
          table === other.name &&
          (other.part === null
            ? other.kind === 'table'
            : other.part.kind === 'column' && columns.has(other.part.name)),
      ),
  );
}
