import { keyOfName, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';

/** Is it a table that others may be using while the statement runs? One that nothing is known of counts as such. */
export function isInUse(name: QualifiedName, statement: LintStatement, facts: SchemaFacts): boolean {
  const table = facts.table(name);
  if (table === null) return true;
  return table.kind === 'table' && !table.temporary && !facts.isNew(table, statement);
}

/** The partitions of a table that the facts know of, not those below them. */
export function partitionsOf(name: QualifiedName, facts: SchemaFacts): readonly QualifiedName[] {
  const key = keyOfName(name);
  return [...facts.tables()]
    .filter(({ partitionOf }) => partitionOf !== null && keyOfName(partitionOf) === key)
    .map((table) => table.name);
}
