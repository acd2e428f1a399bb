import type { CatalogDifference, FactDifference } from '../../../catalog/difference.ts';
import { optionsSql } from './options-sql.ts';
import { alterRelation } from './sql-names.ts';

/** What makes a table, or the options of a view, again what the migrations make it; null where a fact has no such statement. Pure. */
export function tableSql(difference: CatalogDifference): readonly string[] | null {
  const head = alterRelation(difference);
  const statements = difference.facts.map((fact) => ofFact(head, fact));
  return statements.includes(null) ? null : statements.flatMap((one) => one ?? []);
}

function ofFact(head: string, { fact, expected, actual }: FactDifference): readonly string[] | null {
  switch (fact) {
    case 'unlogged':
      return [`${head} SET ${expected === null ? 'LOGGED' : 'UNLOGGED'};`];
    case 'row security':
      return rowSecurity(head, expected ?? '', actual ?? '');
    case 'replica identity': {
      const identity = (expected ?? 'default').toUpperCase();
      return ['DEFAULT', 'FULL', 'NOTHING'].includes(identity)
        ? [`${head} REPLICA IDENTITY ${identity};`]
        : null;
    }
    case 'options':
      return optionsSql(head, expected, actual);
    case 'toast options':
      return optionsSql(head, expected, actual, 'toast.');
    case 'comment':
      return [];
    default:
      return null;
  }
}

/** `enabled`, `forced` (which is enabled, too) or `forced, not enabled`. */
function rowSecurity(head: string, expected: string, actual: string): readonly string[] {
  const isOn = (security: string) => security === 'enabled' || security === 'forced';
  const isForced = (security: string) => security.startsWith('forced');
  return [
    ...(isOn(expected) === isOn(actual)
      ? []
      : [`${head} ${isOn(expected) ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY;`]),
    ...(isForced(expected) === isForced(actual)
      ? []
      : [`${head} ${isForced(expected) ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY;`]),
  ];
}
