import type { Rewrite } from '../../kernel/finding.ts';
import { readDirectives } from '../../sql/directives.ts';
import { rewritten } from '../advice/edits.ts';
import { withoutConcurrently } from '../advice/without-concurrently.ts';
import { nameOfRelation } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { refusedInTransaction } from '../reading/refused-in-transaction.ts';
import { defineRule } from '../rule.ts';

export const oneConcurrentlyPerMigration = defineRule({
  id: 'one-concurrently-per-migration',
  family: 'transactions',
  level: 'warning',
  title: 'A statement that needs no transaction takes it from all the others in its file',
  options: { several: false },
  migration(migration, { facts, parser, runner, options: { several } }) {
    // Under stock drizzle the statement fails, and that is told elsewhere.
    if (runner === 'drizzle' || migration.inTransaction || migration.syntaxFaults.length > 0) return [];
    const statements = migration.statements.filter(({ nested }) => !nested);
    if (statements.some(({ node }) => 'TransactionStmt' in node)) return [];
    const outside = statements.filter((statement) => refusedInTransaction(statement) !== null);
    const [first] = outside;
    if (first === undefined) return [];
    // Settings undo themselves with the session, and so are never left half done.
    const others = statements.filter((one) => !outside.includes(one) && !isSetting(one));
    if (others.length === 0 && !(several && outside.length > 1)) return [];
    if (readDirectives(parser.scan(migration.sql)).noTransaction !== null) return [];
    const name = refusedInTransaction(first);
    if (others.length === 0) {
      return [
        {
          statement: outside[1] ?? first,
          message: `${outside.length} statements of this file run outside a transaction, each by itself. When one fails, those before it are done and the migration is not; the next run goes on with the one that failed.`,
          hint: 'A migration for each keeps the record in step with the database.',
          rewrite: split(statements, outside),
        },
      ];
    }
    const needless = outside.every((statement) => isOnNewTable(statement, facts));
    const message = `${name} cannot run inside a transaction, and so the whole file runs without one: ${count(others.length)} beside it ${others.length === 1 ? 'commits' : 'commit'} by ${others.length === 1 ? 'itself' : 'themselves'}. When one fails, those before it stay, and the running code meets a schema that is half changed until a run goes on from there.`;
    if (!needless) {
      return [
        {
          statement: first,
          message,
          hint: `Give ${name} a migration of its own; the others have their transaction again.`,
          rewrite: split(statements, outside),
        },
      ];
    }
    const edits = outside.flatMap((statement) => withoutConcurrently(statement) ?? []);
    return [
      {
        statement: first,
        message,
        hint: 'The table is made in this deployment, and nobody uses it yet: leave CONCURRENTLY out, and the file is one transaction again.',
        rewrite: [{ title: 'this migration', sql: join(statements, edits) }],
        edits,
      },
    ];
  },
});

function isOnNewTable(statement: LintStatement, facts: SchemaFacts): boolean {
  const { node } = statement;
  if (!('IndexStmt' in node) || node.IndexStmt.relation === undefined) return false;
  return facts.isNew(facts.table(nameOfRelation(node.IndexStmt.relation)), statement);
}

function isSetting({ node }: LintStatement): boolean {
  return 'VariableSetStmt' in node;
}

/** Each statement that needs no transaction by itself, and what stands between two of them together. */
function split(
  statements: LintMigration['statements'],
  outside: readonly LintStatement[],
): readonly Rewrite[] {
  const settings = statements.filter(isSetting);
  const groups: LintStatement[][] = [];
  for (const statement of statements.filter((one) => !isSetting(one))) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const goesOn = before !== undefined && !outside.includes(statement) && !outside.includes(before);
    if (goesOn && group !== undefined) group.push(statement);
    else groups.push([statement]);
  }
  return groups.map((group, place) => ({
    title: group.some((one) => outside.includes(one))
      ? 'a migration of its own'
      : place === 0
        ? 'this migration'
        : 'a later migration',
    sql: join([...settings, ...group], []),
  }));
}

function join(statements: readonly LintStatement[], edits: Parameters<typeof rewritten>[1]): string {
  return statements
    .map((one) =>
      rewritten(
        one,
        edits.filter(({ start, end }) => start >= one.start && end <= one.end),
      ),
    )
    .join('\n');
}

function count(statements: number): string {
  return statements === 1 ? 'the statement' : `the ${statements} statements`;
}
