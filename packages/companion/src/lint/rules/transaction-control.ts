import { classifyStatement } from '../../sql/classify-statement.ts';
import { joinStatements, takeOut } from '../advice/take-out.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type Control, readControls, workOf } from '../reading/transaction-blocks.ts';
import { defineRule, type Edit, type Report, type RuleContext } from '../rule.ts';

export const transactionControl = defineRule({
  id: 'transaction-control',
  family: 'transactions',
  level: 'warning',
  title: 'COMMIT or ROLLBACK in a migration ends the transaction of whoever runs it',
  migration(migration, context) {
    const controls = readControls(migration, context);
    // A file that opens its transactions itself, and closes them, is on its own with full knowledge.
    const ends = controls.filter(({ kind, finds, partner }) => {
      if (kind === 'begin' || (finds === 'file' && partner !== null)) return false;
      // BEGIN and COMMIT as a pair are nested-transaction's affair.
      return kind === 'rollback' || partner === null;
    });
    const commit = ends.find(({ kind }) => kind === 'commit');
    const rollbacks = ends.filter(({ kind, finds }) => kind === 'rollback' && finds !== 'none');
    return [
      ...(commit === undefined ? [] : [tellCommit(migration, commit, controls, context)]),
      ...rollbacks.map((rollback) => tellRollback(rollback, context)),
    ];
  },
});

function tellCommit(
  migration: LintMigration,
  commit: Control,
  controls: readonly Control[],
  context: RuleContext,
): Report {
  const { statement, written, finds } = commit;
  const work = workOf(migration);
  const behind = work.filter(({ start }) => start > statement.start);
  if (finds === 'none') {
    return {
      statement,
      message: `${written} finds no transaction open: the file runs without one, so PostgreSQL warns and does nothing.`,
      hint: 'Delete it, or write BEGIN before the statements that belong together.',
      ...withEdits(removeAll(controls, context)),
    };
  }
  const refused = refusedName(work);
  const mends = mend(migration, commit, controls, context);
  const endless =
    context.runner === 'drizzle' || behind.length === 0
      ? `Under stock drizzle it ends the one transaction of all pending migrations: what follows, later files among it, commits statement by statement, and after a failure the next run begins this file anew.`
      : `drizzle-companion commits what stands before it, runs the ${behind.length === 1 ? 'statement' : `${behind.length} statements`} behind it without a transaction, and writes the ledger row with the last: a failure leaves the migration half done until the next run goes on with it.`;
  const head = `${written} ends the transaction that the runner opened for this migration.`;
  if (behind.length === 0) {
    const ours = context.runner === 'companion' ? ' drizzle-companion would have committed here anyway.' : '';
    return { statement, message: `${head}${ours} ${endless}`, hint: 'Delete it.', ...mends };
  }
  return {
    statement,
    message: `${head} ${endless}`,
    hint: hintFor({ context, refused, isMechanical: mends.edits !== undefined }),
    ...mends,
  };
}

function hintFor({
  context,
  refused,
  isMechanical,
}: {
  readonly context: RuleContext;
  readonly refused: string | null;
  readonly isMechanical: boolean;
}): string {
  if (context.runner === 'drizzle') {
    return refused === null
      ? 'Delete it. What must be committed before the rest belongs in a migration that is deployed before.'
      : `Stock drizzle has no other way to ${refused}; \`drizzle-companion migrate\` runs such a file without a transaction by itself, and needs no COMMIT.`;
  }
  if (refused !== null) {
    return isMechanical
      ? `Delete it: ${refused} makes drizzle-companion run the file without a transaction by itself.`
      : `Delete it, and move ${refused} to a migration of its own, which drizzle-companion runs without a transaction by itself.`;
  }
  return isMechanical
    ? 'Say it by the directive no-transaction: each statement then commits by itself, and a rerun goes on after the last one done.'
    : 'Write what must be committed first as a migration of its own: each has its transaction and its ledger row.';
}

type Mended = Pick<Report, 'rewrite' | 'edits'>;

/** The file without its COMMIT, where that means the same; else a migration for each part. */
function mend(
  migration: LintMigration,
  commit: Control,
  controls: readonly Control[],
  context: RuleContext,
): Mended {
  const work = workOf(migration);
  const parts = partsOf(work, controls);
  const whole = { title: 'this migration', sql: joinStatements(work) };
  const isStock = context.runner === 'drizzle';
  const isPlain = controls.every(({ kind }) => kind !== 'rollback') && parts.length > 0;
  if (!isPlain) return {};
  if (refusedName(work) !== null) {
    if (isStock) return {};
    // Without a transaction nothing holds two statements together.
    if (parts.every((part) => part.length < 2 || part.every(({ transaction }) => transaction === null)))
      return { rewrite: [whole], ...withEdits(removeAll(controls, context)) };
  } else if (parts.length === 1 && work[0] !== undefined && work[0].start < commit.statement.start) {
    return { rewrite: [whole], ...withEdits(removeAll(controls, context)) };
  } else if (parts.length === 1 && controls.length === 1) {
    if (isStock) return { rewrite: [whole] };
    const { start } = commit.statement;
    const removed = removeAll(controls, context)?.[0];
    const edits = removed ? [{ ...removed, start, text: `${DIRECTIVE}\n` }] : null;
    return { rewrite: [{ ...whole, sql: `${DIRECTIVE}\n${whole.sql}` }], ...withEdits(edits) };
  }
  return {
    rewrite: parts.map((part, place) => ({
      title: place === 0 ? 'this migration' : 'a migration after it',
      sql: joinStatements(part),
    })),
  };
}

const DIRECTIVE = '-- drizzle-companion: no-transaction';

function tellRollback({ statement, written }: Control, { runner }: RuleContext): Report {
  const message =
    runner === 'drizzle'
      ? `${written} undoes every pending migration that ran before it, and their ledger rows with them; this one is recorded all the same, and as stock drizzle looks at the newest row alone, the others are never run again.`
      : `${written} undoes what this migration did so far, and the migration is recorded as applied all the same. Under stock drizzle it undoes all pending migrations before this one, too.`;
  return {
    statement,
    message,
    hint: `Delete ${written} with the statements that it undoes. To try a migration without keeping it, run \`drizzle-companion rehearse\`.`,
  };
}

/** The statements between the file's BEGINs, COMMITs and ROLLBACKs. */
function partsOf(
  work: readonly LintStatement[],
  controls: readonly Control[],
): readonly (readonly LintStatement[])[] {
  const parts = new Map<number, LintStatement[]>();
  for (const statement of work) {
    const part = controls.filter((control) => control.statement.start < statement.start).length;
    parts.set(part, [...(parts.get(part) ?? []), statement]);
  }
  return [...parts.values()];
}

function refusedName(work: readonly LintStatement[]): string | null {
  for (const { node } of work) {
    const is = classifyStatement(node);
    if (is.kind === 'refuses') return is.name;
  }
  return null;
}

function removeAll(controls: readonly Control[], { parser }: RuleContext): readonly Edit[] | null {
  return takeOut(
    controls.map(({ statement }) => statement),
    parser,
  );
}

function withEdits(edits: readonly Edit[] | null): Pick<Report, 'edits'> {
  return edits === null ? {} : { edits };
}
