import type { NodeOf } from '../../sql/parser.ts';
import { isOn } from '../../sql/statement-options.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import { lock, type RelationLock, reachOf, withPartitions } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

export function vacuumLocks(
  { is_vacuumcmd, options, rels = [] }: NodeOf<'VacuumStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  const named = rels.flatMap((rel) =>
    'VacuumRelation' in rel && rel.VacuumRelation.relation ? reachOf(rel.VacuumRelation.relation, facts) : [],
  );
  const names = rels.length === 0 ? storedTables(facts) : named;
  if (is_vacuumcmd && isOn(options, 'full', false)) {
    return names.map((name) => lock(name, 'AccessExclusive', 'rewrite'));
  }
  // ANALYZE takes a sample: its time does not grow with the table.
  return names.map((name) => lock(name, 'ShareUpdateExclusive', is_vacuumcmd ? 'scan' : 'brief'));
}

/** CLUSTER without a table takes those that were clustered before, of which the facts know nothing. */
export function clusterLocks(
  { relation }: NodeOf<'ClusterStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  if (relation === undefined) return [];
  return reachOf(relation, facts).map((name) => lock(name, 'AccessExclusive', 'rewrite'));
}

export function reindexLocks(
  { kind, name, params, relation }: NodeOf<'ReindexStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  const mode = isOn(params, 'concurrently', false) ? 'ShareUpdateExclusive' : 'Share';
  return reindexed().map((one) => lock(one, mode, 'build'));

  function reindexed(): readonly QualifiedName[] {
    switch (kind) {
      case 'REINDEX_OBJECT_TABLE':
        return relation === undefined ? [] : reachOf(relation, facts);
      case 'REINDEX_OBJECT_INDEX': {
        const index = relation === undefined ? null : facts.index(nameOfRelation(relation));
        return index === null ? [] : withPartitions(index.table, facts);
      }
      case 'REINDEX_OBJECT_SCHEMA':
        return storedTables(facts).filter(({ schema }) => (schema ?? 'public') === name);
      case 'REINDEX_OBJECT_DATABASE':
        return storedTables(facts);
      default:
        return [];
    }
  }
}

/** What has rows of its own. */
function storedTables(facts: SchemaFacts): readonly QualifiedName[] {
  return [...facts.tables()]
    .filter(({ kind, temporary }) => (kind === 'table' || kind === 'materialized view') && !temporary)
    .map(({ name }) => name);
}
