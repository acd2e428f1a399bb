import type { CatalogDifference } from '../../catalog/difference.ts';
import type { SqlParser } from '../../sql/parser.ts';

/**
 * Did PostgreSQL drop it with something else that is missing? With a column go the indexes, constraints and statistics that
 * stand on it; with a table the foreign keys that point to it. Pure.
 */
export function followsDrop(
  difference: CatalogDifference,
  differences: readonly CatalogDifference[],
  parser: SqlParser,
): boolean {
  if (difference.change !== 'missing') return false;
  const definition = difference.facts.find(({ fact }) => fact === 'definition')?.expected ?? null;
  if (definition === null) return false;
  const missing = differences.filter(({ change }) => change === 'missing');
  return (
    followsTable(difference, definition, missing, parser) ||
    followsColumn(difference, definition, missing, parser)
  );
}

function followsTable(
  { part }: CatalogDifference,
  definition: string,
  missing: readonly CatalogDifference[],
  parser: SqlParser,
): boolean {
  if (part?.kind !== 'constraint' || !definition.startsWith('FOREIGN KEY')) return false;
  const [node] = parser.parse(`ALTER TABLE t ADD ${definition}`);
  const [command] = node !== undefined && 'AlterTableStmt' in node ? (node.AlterTableStmt.cmds ?? []) : [];
  const added = command !== undefined && 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
  const table = added !== undefined && 'Constraint' in added ? added.Constraint.pktable : undefined;
  return missing.some(
    (other) =>
      other.part === null &&
      other.kind === 'table' &&
      other.schema === table?.schemaname &&
      other.name === table.relname,
  );
}

function followsColumn(
  { kind, schema, name, part }: CatalogDifference,
  definition: string,
  missing: readonly CatalogDifference[],
  parser: SqlParser,
): boolean {
  const isOfTable = part?.kind === 'index' || part?.kind === 'constraint';
  if (!isOfTable && kind !== 'statistics') return false;
  const columns = missing.filter(
    (other) =>
      other.part?.kind === 'column' && (!isOfTable || (other.schema === schema && other.name === name)),
  );
  if (columns.length === 0) return false;
  const words = new Set(wordsOf(definition, parser));
  return columns.some((column) => words.has(column.part?.name ?? ''));
}

function wordsOf(definition: string, parser: SqlParser): readonly string[] {
  return parser
    .scan(definition)
    .map(({ text }) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text));
}
