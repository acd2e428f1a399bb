import type { LintStatement } from '../migration.ts';
import { nameOfParts, nameOfRelation } from './names.ts';
import { relationsIn } from './relations-in.ts';
import type { SchemaFacts } from './schema-facts.ts';

/**
 * Does the statement name a relation that was there before this deployment, so that it may have to wait for its lock?
 * True also for what names none and may lock any: DO, CALL, DROP. `facts` may be those after the migration. Pure.
 */
export function touchesExisting(statement: LintStatement, facts: SchemaFacts): boolean {
  const { node } = statement;
  if ('DoStmt' in node || 'CallStmt' in node) return true;
  if ('DropStmt' in node) {
    return (node.DropStmt.objects ?? []).some((object) => {
      const parts = 'List' in object ? object.List.items : [object];
      return !facts.isNew(facts.table(nameOfParts(parts)), statement);
    });
  }
  return relationsIn(node).some((relation) => {
    const table = facts.table(nameOfRelation(relation));
    return !facts.isNew(table, statement);
  });
}
