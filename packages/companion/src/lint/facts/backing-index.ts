import type { NodeOf } from '../../sql/parser.ts';
import { keyOfName, type QualifiedName } from './names.ts';
import type { ConstraintFacts, ConstraintKind, IndexFacts, SchemaState, TableFacts } from './schema-facts.ts';

const BACKED: readonly ConstraintKind[] = ['primary key', 'unique', 'exclusion'];

/** The constraint that an index backs, with its table: they have one name, and the index lies in the table's schema. */
export function backedBy(
  index: QualifiedName,
  tables: Iterable<TableFacts>,
): { readonly table: TableFacts; readonly constraint: ConstraintFacts } | null {
  for (const table of tables) {
    const constraint = table.constraints.get(index.name);
    const isThere = keyOfName({ schema: table.name.schema, name: index.name }) === keyOfName(index);
    if (isThere && constraint !== undefined && BACKED.includes(constraint.kind)) return { table, constraint };
  }
  return null;
}

/** The index that a constraint took over, and that bears its name since; null for one that PostgreSQL made with it. */
export function backingIndex(state: SchemaState, table: TableFacts, constraint: string): IndexFacts | null {
  const kind = table.constraints.get(constraint)?.kind;
  if (kind === undefined || !BACKED.includes(kind)) return null;
  const index = state.indexes.get(keyOfName({ schema: table.name.schema, name: constraint }));
  return index !== undefined && keyOfName(index.table) === keyOfName(table.name) ? index : null;
}

export function renameIndex(state: SchemaState, from: QualifiedName, to: string): void {
  const index = state.indexes.get(keyOfName(from));
  if (index === undefined) return;
  state.indexes.delete(keyOfName(from));
  const name = { ...index.name, name: to };
  state.indexes.set(keyOfName(name), { ...index, name });
}

/**
 * ADD CONSTRAINT … USING INDEX renames the index to the constraint, or the constraint is named as the index is. Gives
 * the definition with its name, and the columns of the index where they are known.
 */
export function takeOverIndex(
  state: SchemaState,
  table: TableFacts,
  node: NodeOf<'Constraint'>,
): NodeOf<'Constraint'> {
  const { indexname, conname = indexname } = node;
  if (indexname === undefined || conname === undefined) return node;
  const from = { schema: table.name.schema, name: indexname };
  const columns = state.indexes.get(keyOfName(from))?.columns ?? [];
  if (conname !== indexname) renameIndex(state, from, conname);
  const keys = columns.flatMap((column) => (column === null ? [] : [{ String: { sval: column } }]));
  return { ...node, conname, keys };
}
