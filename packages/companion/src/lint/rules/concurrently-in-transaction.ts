import { locateOffset } from '../../sql/locate.ts';
import { titleOutside } from '../advice/own-migration.ts';
import type { LintStatement } from '../migration.ts';
import { refusedForPartitions, refusedInTransaction } from '../reading/refused-in-transaction.ts';
import { isOutsideUnderDrizzle } from '../reading/stock-transaction.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const concurrentlyInTransaction = defineRule({
  id: 'concurrently-in-transaction',
  family: 'transactions',
  level: 'error',
  title: 'PostgreSQL refuses this statement inside a transaction',
  statement(statement, context) {
    const { facts, migrations, runner } = context;
    const refused = refusedInTransaction(statement);
    const name = refused ?? refusedForPartitions(statement, facts);
    if (name === null) return [];
    if (statement.nested) return [{ statement, ...insideBlock(name) }];
    if (statement.transaction === null) return [];
    if (runner === 'drizzle' && isOutsideUnderDrizzle(statement, migrations)) return [];
    return [
      {
        statement,
        message: `${name} cannot run inside a transaction (25001), and ${whichTransaction(statement, context)} The migration fails here.`,
        ...advice(statement, { runner, isKnownToRunner: refused !== null }),
      },
    ];
  },
});

function insideBlock(name: string) {
  return {
    message: `${name} cannot run inside a DO block (25001): the block is a transaction of its own or part of one. The migration fails here.`,
    hint: 'Take it out of the block, into a migration of its own.',
  };
}

/** The second half of a sentence, and its end. */
function whichTransaction(
  { migration, index }: LintStatement,
  { runner }: Pick<RuleContext, 'runner'>,
): string {
  const opened = migration.statements.slice(0, index).findLast(({ node }) => 'TransactionStmt' in node);
  const node = opened?.node;
  const kind = node !== undefined && 'TransactionStmt' in node ? node.TransactionStmt.kind : undefined;
  if (opened !== undefined && (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START')) {
    return `the file opens one in line ${locateOffset(migration.sql, opened.start).line}.`;
  }
  if (runner === 'drizzle') return 'stock drizzle runs all pending migrations in one.';
  return migration.inTransaction
    ? 'this migration runs in one.'
    : 'a file that ends its transactions itself begins inside one, as under stock drizzle.';
}

function advice(
  statement: LintStatement,
  { runner, isKnownToRunner }: { runner: RuleContext['runner']; isKnownToRunner: boolean },
) {
  const sql = `${statement.text};`;
  const title = titleOutside(runner);
  if (runner === 'drizzle') {
    return {
      hint: 'Run it by hand before the deployment, and let the migration find it done (IF NOT EXISTS, IF EXISTS); or apply the folder with drizzle-companion migrate, which runs a file with such a statement without a transaction.',
      rewrite: [{ title, sql }],
    };
  }
  return isKnownToRunner
    ? {
        hint: 'Move it into a migration of its own, without BEGIN and COMMIT: that then runs without a transaction.',
        rewrite: [{ title, sql }],
      }
    : {
        hint: 'Move it into a migration of its own, and say there that it needs no transaction: the file does not show it.',
        rewrite: [{ title, sql: `-- drizzle-companion: no-transaction\n${sql}` }],
      };
}
