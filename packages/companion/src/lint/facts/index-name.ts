import type { NodeOf } from '../../sql/parser.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';

/** The key columns of an index, in order; an expression is null. */
export function keyColumns({ indexParams = [] }: NodeOf<'IndexStmt'>): readonly (string | null)[] {
  return indexParams.map((param) => ('IndexElem' in param ? (param.IndexElem.name ?? null) : null));
}

/** The name that PostgreSQL gives to an index that has none, unless it is long or taken. */
export function generatedIndexName(table: string, columns: readonly (string | null)[]): string {
  return [table, ...columns.map((column) => column ?? 'expr'), 'idx'].join('_');
}

/** The index that a CREATE INDEX makes: it lies in the schema of its table. */
export function nameOfIndex(
  node: NodeOf<'IndexStmt'>,
  relation: Parameters<typeof nameOfRelation>[0],
): QualifiedName {
  const table = nameOfRelation(relation);
  return { schema: table.schema, name: node.idxname || generatedIndexName(table.name, keyColumns(node)) };
}
