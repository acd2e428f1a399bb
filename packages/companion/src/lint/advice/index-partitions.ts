import type { Rewrite } from '../../kernel/finding.ts';
import type { NodeOf } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { generatedIndexName, keyColumns, nameOfIndex } from '../facts/index-name.ts';
import { keyOfName, nameOfRelation, type QualifiedName, quoteName } from '../facts/names.ts';
import { withPartitions } from '../facts/relation-lock.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { spanOfRelation } from '../reading/relation-span.ts';

/**
 * An index on a partitioned table without locking out writes: an empty one on the parent, one built concurrently on
 * each partition, and then the two joined. With no partition known, the first step alone.
 */
export function indexPartitions(
  statement: LintStatement,
  node: NodeOf<'IndexStmt'>,
  { facts, outside }: { readonly facts: SchemaFacts; readonly outside: string },
): readonly Rewrite[] {
  const { relation } = node;
  const span = relation === undefined ? null : spanOfRelation(statement, relation);
  if (relation === undefined || span === null) return [];
  const rest = statement.text.slice(span.end - statement.start);
  const parent = nameOfRelation(relation);
  const below = withPartitions(parent, facts).slice(1);
  const isParent = (name: QualifiedName) => facts.table(name)?.partitioned === true;
  const indexOn = (name: QualifiedName): QualifiedName =>
    keyOfName(name) === keyOfName(parent)
      ? nameOfIndex(node, relation)
      : { schema: name.schema, name: generatedIndexName(name.name, keyColumns(node)) };
  const create = (name: QualifiedName, how: string, on: string) =>
    `CREATE ${node.unique === true ? 'UNIQUE ' : ''}INDEX ${how}${quoteIdentifier(indexOn(name).name)} ON ${on}${quoteName(name)}${rest};`;
  const attach = below.map((name) => {
    const above = facts.table(name)?.partitionOf ?? parent;
    return `ALTER INDEX ${quoteName(indexOn(above))} ATTACH PARTITION ${quoteName(indexOn(name))};`;
  });
  const guard = node.if_not_exists === true ? 'IF NOT EXISTS ' : '';
  return [
    {
      title: 'this migration',
      sql: [parent, ...below.filter(isParent)].map((name) => create(name, guard, 'ONLY ')).join('\n'),
    },
    ...below
      .filter((name) => !isParent(name))
      .map((name) => ({ title: outside, sql: create(name, 'CONCURRENTLY ', '') })),
    // The deepest first: an index of a partition counts as valid once all below it are joined.
    ...(attach.length === 0 ? [] : [{ title: 'a later migration', sql: attach.reverse().join('\n') }]),
  ];
}
