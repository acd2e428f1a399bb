import { classifyStatement } from '../../sql/classify-statement.ts';
import { nameOfRelation } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';

/** The command's name, if PostgreSQL refuses it inside a transaction: `CREATE INDEX CONCURRENTLY`, `VACUUM`. */
export function refusedInTransaction({ node }: LintStatement): string | null {
  const is = classifyStatement(node);
  return is.kind === 'refuses' ? is.name : null;
}

/** The same of what only the catalog can tell: REINDEX goes through partitions one transaction each. */
export function refusedForPartitions({ node }: LintStatement, facts: SchemaFacts): string | null {
  if (!('ReindexStmt' in node) || node.ReindexStmt.relation === undefined) return null;
  const { kind, relation } = node.ReindexStmt;
  const name = nameOfRelation(relation);
  const table = kind === 'REINDEX_OBJECT_INDEX' ? facts.index(name)?.table : name;
  const isPartitioned = table !== undefined && facts.table(table)?.partitioned === true;
  return isPartitioned ? 'REINDEX of a partitioned table' : null;
}
