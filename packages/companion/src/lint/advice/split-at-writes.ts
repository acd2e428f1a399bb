import type { Rewrite } from '../../kernel/finding.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintRunner, LintStatement } from '../migration.ts';
import { isAnalyze } from '../reading/analyze.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { sameTransaction } from '../reading/same-transaction.ts';
import { type Batched, inBatches } from './in-batches.ts';
import { laterMigration } from './later-migration.ts';
import { joinStatements } from './take-out.ts';

type SplitContext = {
  readonly facts: SchemaFacts;
  readonly migrations: readonly LintMigration[];
  readonly runner: LintRunner;
  /** Show the writes in batches, where a key is known; else as they stand. */
  readonly batches: boolean;
};

type Run = {
  readonly statements: LintStatement[];
  readonly writes: BulkWrite[];
  /** What stands behind the writes and looks at them. */
  readonly analyzes: LintStatement[];
};

/**
 * The statement's migration in its own order, cut before and behind what writes many rows, so that no transaction
 * does both. Null where the statements cannot be told apart: inside a DO block.
 */
export function splitAtWrites(
  statement: LintStatement,
  { facts, migrations, runner, batches }: SplitContext,
): readonly Rewrite[] | null {
  const together = sameTransaction(statement, migrations).filter(
    ({ migration }) => migration === statement.migration,
  );
  if (together.some(({ nested, node }) => nested || 'TransactionStmt' in node)) return null;
  const runs: Run[] = [];
  for (const one of together) {
    const [write] = bulkWritesOf(one, facts);
    const last = runs.at(-1);
    // It counts what was written: with the rows, or, where they are written outside, not here at all.
    if (isAnalyze(one) && last !== undefined && last.writes.length > 0) {
      last.analyzes.push(one);
      continue;
    }
    if (last === undefined || last.writes.length > 0 !== (write !== undefined))
      runs.push({ statements: [one], writes: write === undefined ? [] : [write], analyzes: [] });
    else {
      last.statements.push(one);
      if (write !== undefined) last.writes.push(write);
    }
  }
  return runs.map(({ statements, writes, analyzes }, place): Rewrite => {
    const batched = statements.map((one, index) => {
      const write = writes[index];
      return write === undefined || !batches ? null : inBatches(one, write, facts);
    });
    const all = batched.flatMap((one) => one ?? []);
    if (writes.length > 0 && all.length === statements.length) return renderBatches(all);
    const title = place === 0 ? 'this migration' : laterMigration(runner);
    return { title, sql: joinStatements([...statements, ...analyzes]) };
  });
}

function renderBatches(batched: readonly Batched[]): Rewrite {
  const keys = [...new Set(batched.map(({ key }) => key))];
  return {
    title: `in batches outside of migrations, ${batched.length > 1 ? 'one statement after the other, each ' : ''}with ${keys.join(' or ')} from $1 to $2`,
    sql: batched.map(({ sql }) => sql).join('\n'),
  };
}
