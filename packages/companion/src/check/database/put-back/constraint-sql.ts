import type { CatalogFacts } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import type { NodeOf, ParseNode } from '../../../sql/parser.ts';
import { quoteIdentifier, quoteQualified } from '../../../sql/quote.ts';
import { parseConstraint } from '../parse-constraint.ts';
import { findEntity, type PutBackContext } from './context.ts';
import { alterRelation } from './sql-names.ts';

type Constraint = NodeOf<'Constraint'>;

/**
 * A constraint as the migrations make it, on a table in use: rows are read while others write, and a key's index is built beside
 * them. `replaced` is there under its name. Pure.
 */
export function addConstraintSql(
  difference: CatalogDifference,
  facts: CatalogFacts,
  context: PutBackContext,
  { replaced }: { readonly replaced: boolean } = { replaced: false },
): readonly string[] | null {
  const { definition } = facts;
  if (difference.part === null || definition === undefined) return null;
  const head = alterRelation(difference);
  const name = quoteIdentifier(difference.part.name);
  const add = `${head} ${replaced ? `DROP CONSTRAINT ${name}, ` : ''}ADD CONSTRAINT ${name} ${definition}`;
  const validate = `${head} VALIDATE CONSTRAINT ${name};`;
  const isLeftOpen = 'not validated' in facts;
  // ALTER DOMAIN does one thing at a time.
  if (difference.kind === 'domain')
    return [
      ...(replaced ? [`${head} DROP CONSTRAINT ${name};`] : []),
      `${head} ADD CONSTRAINT ${name} ${definition} NOT VALID;`,
      ...(isLeftOpen ? [] : [validate]),
    ];
  const constraint = parseConstraint(definition, context.parser);
  const isPartitioned = 'partitioned by' in (findEntity(context.made, difference)?.facts ?? {});
  const isCheck = constraint.contype === 'CONSTR_CHECK';
  const isForeign = constraint.contype === 'CONSTR_FOREIGN' && !isPartitioned;
  // What is NOT ENFORCED is held against no row anyway.
  if (constraint.is_enforced === true && (isCheck || isForeign))
    return [`${add} NOT VALID;`, ...(isLeftOpen ? [] : [validate])];
  return (replaced || isPartitioned ? null : fromIndex(difference, constraint)) ?? [`${add};`];
}

/** What a foreign key points to; null for other constraints. Pure. */
export function readReferenced(
  definition: string,
  context: PutBackContext,
): { readonly schema: string | null; readonly name: string } | null {
  const { pktable } = parseConstraint(definition, context.parser);
  return pktable === undefined ? null : { schema: pktable.schemaname ?? null, name: pktable.relname ?? '' };
}

/** A key over an index that was built beside the writers; null where it is not that simple. */
function fromIndex(
  difference: CatalogDifference,
  { contype, keys, including, nulls_not_distinct, deferrable, initdeferred, options, ...rest }: Constraint,
): readonly string[] | null {
  const isKey = contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
  if (!isKey || options !== undefined || 'without_overlaps' in rest) return null;
  const table = quoteQualified(difference.schema, difference.name);
  const name = quoteIdentifier(difference.part?.name ?? '');
  const include = including === undefined ? '' : ` INCLUDE (${namesOf(including)})`;
  const nulls = nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '';
  const when = `${deferrable === true ? ' DEFERRABLE' : ''}${initdeferred === true ? ' INITIALLY DEFERRED' : ''}`;
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${table} (${namesOf(keys)})${include}${nulls};`,
    `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${contype === 'CONSTR_PRIMARY' ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${name}${when};`,
  ];
}

function namesOf(nodes: readonly ParseNode[] = []): string {
  return nodes
    .flatMap((node) => ('String' in node ? [quoteIdentifier(node.String.sval ?? '')] : []))
    .join(', ');
}
