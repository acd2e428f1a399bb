import { droppedNames } from '../facts/apply-drop.ts';
import { type LockMode, type LockWork, locksOf, strongestOf } from '../facts/locks.ts';
import { keyOfName, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { isInUse } from './in-use.ts';
import { earlierInTransaction } from './same-transaction.ts';

/** A lock on a table in use that others wait for, and the statement that took it. */
export type HeldLock = {
  readonly relation: QualifiedName;
  readonly mode: LockMode;
  readonly work: LockWork;
  readonly by: LintStatement;
};

/** By statement, because what it locks depends on the facts as they are when its turn comes. */
const noted = new WeakMap<LintStatement, readonly HeldLock[]>();

/** Keeps what the statement locks; to be called while the facts are those before it. */
export function noteLocks(statement: LintStatement, facts: SchemaFacts): readonly HeldLock[] {
  const known = noted.get(statement);
  if (known !== undefined) return known;
  const locks = blockingLocks(statement, facts);
  noted.set(statement, locks);
  return locks;
}

/** What the transaction holds when the statement's turn comes, the gravest first, one for each table. */
export function locksHeldBefore(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): readonly HeldLock[] {
  const known = heldBefore.get(statement);
  if (known !== undefined) return known;
  const held = sumUp(statement, migrations);
  heldBefore.set(statement, held);
  return held;
}

/** Several rules ask for each statement, and what came before it is settled then. */
const heldBefore = new WeakMap<LintStatement, readonly HeldLock[]>();

function sumUp(statement: LintStatement, migrations: readonly LintMigration[]): readonly HeldLock[] {
  const held = new Map<string, HeldLock>();
  for (const earlier of earlierInTransaction(statement, migrations)) {
    for (const lock of noted.get(earlier) ?? []) {
      const key = keyOfName(lock.relation);
      const known = held.get(key);
      if (known === undefined || isStronger(lock, known)) held.set(key, lock);
    }
  }
  return [...held.values()].sort((a, b) => Number(isStronger(b, a)) - Number(isStronger(a, b)));
}

/** Has the transaction written the table anew when the statement's turn comes? */
export function isRewrittenBefore(
  table: QualifiedName,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  return earlierInTransaction(statement, migrations).some((earlier) =>
    (noted.get(earlier) ?? []).some(
      ({ relation, work }) => work === 'rewrite' && keyOfName(relation) === keyOfName(table),
    ),
  );
}

function isStronger(a: HeldLock, b: HeldLock): boolean {
  return a.mode !== b.mode && strongestOf(a.mode, b.mode) === a.mode;
}

const BLOCKING: readonly LockMode[] = ['Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'];

function blockingLocks(statement: LintStatement, facts: SchemaFacts): readonly HeldLock[] {
  const { node } = statement;
  // Who writes LOCK TABLE knows what is locked, and until when.
  if ('LockStmt' in node) return [];
  const gone = new Set('DropStmt' in node ? droppedNames(node.DropStmt).map(keyOfName) : []);
  return locksOf(node, facts)
    .filter(({ mode, relation }) => BLOCKING.includes(mode) && !gone.has(keyOfName(relation)))
    .filter(({ relation }) => isInUse(relation, statement, facts))
    .map((lock) => ({ ...lock, by: statement }));
}
