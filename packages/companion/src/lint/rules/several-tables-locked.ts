import { showMode } from '../../kernel/lock-words.ts';
import { keyOfName, type QualifiedName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { type HeldLock, locksHeldBefore, noteLocks } from '../reading/held-locks.ts';
import { defineRule } from '../rule.ts';

export const severalTablesLocked = defineRule({
  id: 'several-tables-locked',
  family: 'locking',
  level: 'info',
  title: 'One transaction locks several tables that are in use',
  options: {
    /** More of them are told of. */
    tables: 3,
  },
  statement(statement, { facts, migrations, runner, options }) {
    const taken = noteLocks(statement, facts);
    if (taken.length === 0 || statement.transaction === null) return [];
    const before = byTable(locksHeldBefore(statement, migrations), facts);
    const after = byTable([...before.values(), ...taken], facts);
    if (before.size > options.tables || after.size <= options.tables) return [];
    const shown = [...after.values()].map(
      ({ relation, mode }) => `${showName(relation)} (${showMode(mode)})`,
    );
    return [
      {
        statement,
        message: `With this statement the transaction holds locks on ${after.size} tables that are in use: ${shown.join(', ')}. Each is kept until the last statement is done. A session that takes two of them in another order can come to wait for the migration while the migration waits for it: PostgreSQL then ends one of the two (40P01).`,
        hint:
          runner === 'drizzle'
            ? 'Spread the tables over several deployments: stock drizzle runs all that is pending in one transaction, and does not try again.'
            : 'Spread the tables over several migrations: each commits by itself, and holds less for less long. A migration that a deadlock or lock_timeout ends is rolled back and tried again, so where every statement is a matter of a moment this can stay.',
      },
    ];
  },
});

/** Partitions go with the table that they are of, under their strongest lock. */
function byTable(locks: Iterable<HeldLock>, facts: SchemaFacts): ReadonlyMap<string, HeldLock> {
  const tables = new Map<string, HeldLock>();
  for (const lock of locks) {
    const relation = rootOf(lock.relation, facts);
    const known = tables.get(keyOfName(relation));
    const isStronger = known === undefined || lock.mode === 'AccessExclusive';
    tables.set(keyOfName(relation), isStronger ? { ...lock, relation } : known);
  }
  return tables;
}

function rootOf(name: QualifiedName, facts: SchemaFacts): QualifiedName {
  const above = facts.table(name)?.partitionOf ?? null;
  return above === null ? name : rootOf(above, facts);
}
