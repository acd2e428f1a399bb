import type { NodeOf } from '../../sql/parser.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import { lock, type RelationLock, reachOf } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';

/** ALTER … RENAME. What no relation hangs by, types and their values, schemas, functions, takes none. */
export function renameLocks(
  { renameType, relation, subname }: NodeOf<'RenameStmt'>,
  facts: SchemaFacts,
): readonly RelationLock[] {
  if (relation === undefined) return [];
  return renamed().map((name) => lock(name, 'AccessExclusive'));

  function renamed(): readonly QualifiedName[] {
    const name = nameOfRelation(relation ?? {});
    switch (renameType) {
      case 'OBJECT_TABLE':
        // ALTER TABLE also renames indexes and sequences, with their own, weaker locks.
        return facts.index(name) === null && facts.object('sequence', name) === null ? [name] : [];
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW':
      case 'OBJECT_FOREIGN_TABLE':
      case 'OBJECT_POLICY':
      case 'OBJECT_RULE':
        return [name];
      case 'OBJECT_COLUMN':
      case 'OBJECT_TRIGGER':
        return reachOf(relation ?? {}, facts);
      case 'OBJECT_TABCONSTRAINT': {
        const kind = facts.table(name)?.constraints.get(subname ?? '')?.kind ?? 'check';
        // Partitions have a CHECK by the same name; of keys they have their own.
        return kind === 'check' || kind === 'not null' ? reachOf(relation ?? {}, facts) : [name];
      }
      default:
        return [];
    }
  }
}
