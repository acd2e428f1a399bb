import type { CatalogFacts } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { quoteIdentifier, quoteQualified } from '../../../sql/quote.ts';
import { addColumnSql } from './column-sql.ts';
import { addConstraintSql } from './constraint-sql.ts';
import { findEntity, findPart, type PutBackContext } from './context.ts';
import { endStatement, withWord } from './definition-sql.ts';
import { privilegeSql } from './privilege-sql.ts';
import { nameEntity, nameRole } from './sql-names.ts';

/** What makes a part of a table, a view or a domain as the migrations make it; null where it is not made so. Pure. */
export function makePartSql(
  difference: CatalogDifference,
  context: PutBackContext,
): readonly string[] | null {
  const { part } = difference;
  const entity = findEntity(context.made, difference);
  const wanted = findPart(context.made, difference);
  if (part === null || entity === null || wanted === null) return null;
  const { facts } = wanted;
  switch (part.kind) {
    case 'column':
      return entity.kind === 'table' ? addColumnSql(entity, wanted) : null;
    case 'constraint':
      return withMarks(addConstraintSql(difference, facts, context), difference, facts);
    case 'index':
      return withMarks(indexSql(difference, facts, context), difference, facts);
    case 'trigger':
    case 'rule':
      return facts.definition === undefined
        ? null
        : [
            endStatement(facts.definition),
            ...(facts.enabled === undefined ? [] : enableSql(difference, facts.enabled)),
          ];
    case 'policy':
      return [policySql(difference, facts)];
    case 'privilege':
      return privilegeSql(difference);
    default:
      return null;
  }
}

/** Built beside the writers; not on a partitioned table, where PostgreSQL cannot, and where the partitions get theirs with it. Pure. */
export function indexSql(
  difference: CatalogDifference,
  { definition }: CatalogFacts,
  { made, parser }: PutBackContext,
): readonly string[] | null {
  if (definition === undefined) return null;
  const { kind, facts = {} } = findEntity(made, difference) ?? {};
  const words =
    'partitioned by' in facts
      ? { behind: 'index', put: '', without: 'only' }
      : { behind: 'index', put: kind === 'table' ? 'CONCURRENTLY' : '' };
  return [withWord(definition, words, parser)];
}

/** CLUSTER goes by it; it tells the rows of an UPDATE apart for whoever replicates. Pure. */
export function markSql(
  difference: CatalogDifference,
  mark: 'clustered' | 'replica identity',
  { set }: { readonly set: boolean },
): string {
  const head = `ALTER TABLE ${nameEntity(difference)}`;
  const index = quoteIdentifier(difference.part?.name ?? '');
  if (mark === 'clustered') return set ? `${head} CLUSTER ON ${index};` : `${head} SET WITHOUT CLUSTER;`;
  return `${head} REPLICA IDENTITY ${set ? `USING INDEX ${index}` : 'DEFAULT'};`;
}

function withMarks(
  statements: readonly string[] | null,
  difference: CatalogDifference,
  facts: CatalogFacts,
): readonly string[] | null {
  const marks = (['clustered', 'replica identity'] as const).filter((mark) => mark in facts);
  return statements && [...statements, ...marks.map((mark) => markSql(difference, mark, { set: true }))];
}

const MODES: Readonly<Record<string, string>> = {
  never: 'DISABLE',
  always: 'ENABLE ALWAYS',
  'on replicas': 'ENABLE REPLICA',
};

/** When a trigger or a rule fires; null for as usual. Pure. */
export function enableSql(difference: CatalogDifference, mode: string | null): readonly string[] {
  const { part } = difference;
  const what = `${part?.kind === 'rule' ? 'RULE' : 'TRIGGER'} ${quoteIdentifier(part?.name ?? '')}`;
  return [`ALTER TABLE ${nameEntity(difference)} ${MODES[mode ?? ''] ?? 'ENABLE'} ${what};`];
}

/** Pure. */
export function policySql(difference: CatalogDifference, facts: CatalogFacts): string {
  const roles = (facts.to ?? 'PUBLIC').split(', ').map(nameRole);
  const clauses = [
    `AS ${(facts.as ?? 'permissive').toUpperCase()} FOR ${(facts.for ?? 'all').toUpperCase()} TO ${roles.join(', ')}`,
    facts.using === undefined ? '' : `USING (${facts.using})`,
    facts['with check'] === undefined ? '' : `WITH CHECK (${facts['with check']})`,
  ].filter((clause) => clause !== '');
  const name = quoteIdentifier(difference.part?.name ?? '');
  return `CREATE POLICY ${name} ON ${quoteQualified(difference.schema, difference.name)} ${clauses.join(' ')};`;
}
