import type { LockMode } from '../kernel/lock-modes.ts';
import type { SqlParser } from '../sql/parser.ts';
import { applyStatement } from './facts/apply-statement.ts';
import { locksOf } from './facts/locks.ts';
import type { QualifiedName } from './facts/names.ts';
import { createSchemaState, viewFacts } from './facts/schema-facts.ts';
import { numberTransactions } from './number-transactions.ts';
import { parseMigration } from './parse-migration.ts';

export type PredictedLock = { readonly relation: QualifiedName; readonly mode: LockMode };

/** What a statement locks by the linter's rules; `offset` is where it begins in its file. */
export type PredictedLocks = { readonly offset: number; readonly locks: readonly PredictedLock[] };

/**
 * By migration's name: the locks of its statements. What no server has been asked, for where none can tell.
 * @param migrations the whole history, in order: what earlier ones made is what later ones lock. Pure.
 */
export function predictLocks(
  migrations: readonly { readonly name: string; readonly file: string; readonly sql: string }[],
  parser: SqlParser,
): ReadonlyMap<string, readonly PredictedLocks[]> {
  const state = createSchemaState();
  const facts = viewFacts(state);
  const numbers = numberTransactions('companion');
  return new Map(
    migrations.map(({ name, file, sql }, batch) => {
      const migration = parseMigration({ name, file, sql, batch, linted: false }, { parser, numbers });
      const predicted = migration.statements.map((statement) => {
        const locks = locksOf(statement.node, facts).map(({ relation, mode }) => ({ relation, mode }));
        applyStatement(state, statement);
        return { offset: statement.start, locks };
      });
      return [name, predicted] as const;
    }),
  );
}
