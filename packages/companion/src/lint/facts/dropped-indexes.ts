import type { ParseNode } from '../../sql/parser.ts';
import { droppedNames } from './apply-drop.ts';
import { keyOfName, type QualifiedName } from './names.ts';
import type { ConstraintFacts, IndexFacts, SchemaFacts, TableFacts } from './schema-facts.ts';

/** An index that a DROP INDEX names, with what is known of it. */
export type DroppedIndex = {
  readonly name: QualifiedName;
  readonly index: IndexFacts | null;
  /** Of an index that is known, or that backs a constraint that is. */
  readonly table: TableFacts | null;
  /** The constraint that the index backs: it goes only with that. */
  readonly constraint: ConstraintFacts | null;
};

/** None for any other statement. */
export function droppedIndexes(node: ParseNode, facts: SchemaFacts): readonly DroppedIndex[] {
  if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_INDEX') return [];
  return droppedNames(node.DropStmt).map((name) => {
    const index = facts.index(name);
    // An index that was made first and taken over by USING INDEX is known under both.
    const backed = backedBy(name, facts);
    const table = backed?.table ?? (index === null ? null : facts.table(index.table));
    return { name, index, table, constraint: backed?.constraint ?? null };
  });
}

/** An index that a constraint made bears the constraint's name, and lies in the schema of its table. */
function backedBy(
  name: QualifiedName,
  facts: SchemaFacts,
): { readonly table: TableFacts; readonly constraint: ConstraintFacts } | null {
  for (const table of facts.tables()) {
    const constraint = table.constraints.get(name.name);
    const isThere = keyOfName({ schema: table.name.schema, name: name.name }) === keyOfName(name);
    if (isThere && constraint !== undefined && BACKED.includes(constraint.kind)) return { table, constraint };
  }
  return null;
}

const BACKED: readonly ConstraintFacts['kind'][] = ['unique', 'primary key', 'exclusion'];
