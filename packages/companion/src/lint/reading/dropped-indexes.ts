import type { ParseNode } from '../../sql/parser.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { backedBy } from '../facts/backing-index.ts';
import type { QualifiedName } from '../facts/names.ts';
import type { ConstraintFacts, IndexFacts, SchemaFacts, TableFacts } from '../facts/schema-facts.ts';

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
    // Of one that a constraint made, the constraint alone is known; of one that it took over, both are.
    const backed = backedBy(name, facts.tables());
    const table = backed?.table ?? (index === null ? null : facts.table(index.table));
    return { name, index, table, constraint: backed?.constraint ?? null };
  });
}
