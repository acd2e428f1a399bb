import type { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep } from '../kernel/plan.ts';
import { describeFailure, tellApplied } from './describe-failure.ts';
import { buildGuards, buildRecordSql, type RunContext, statementsOf, tellStatement } from './run-context.ts';
import { type NamedTransaction, NOTHING_SENT, runTransactions } from './run-transaction.ts';
import type { StepLog } from './step-log.ts';
import { waitForRetry } from './with-retries.ts';

/** How many steps were applied before the one that stopped it, if one did. */
export type Applied = { readonly steps: number; readonly error: CompanionError | null };

/**
 * Applies the steps from `from` on that are one transaction each, up to the first that is not. They are sent in a line:
 * the server never waits for us between two of them. After a failure that is worth another try the line starts again at
 * the step that failed.
 */
export async function applyLine(
  context: RunContext,
  steps: readonly PlanStep[],
  from: number,
  log: StepLog,
): Promise<Applied> {
  const next = steps.findIndex((step, index) => index > from && !step.transaction);
  const line = steps
    .slice(from, next === -1 ? steps.length : next)
    .map((step, index) => prepare(context, step, from + index === steps.length - 1));
  let first = 0;
  for (let attempt = 1; ; attempt += 1) {
    context.watch.progress();
    const failed = await runTransactions(
      context.session,
      line.slice(first).map(({ transaction }) => transaction),
      context.signal,
      (offset, part) => {
        const prepared = line[first + offset];
        if (!prepared) return;
        const { step, statements } = prepared;
        if (part === -1) log.start(from + first + offset, 0);
        tellStatement(context, step, statements, part);
        if (part === statements.length) log.end(from + first + offset, 'done', offset === 0 ? attempt : 1);
      },
    );
    const stopped = failed && line[first + failed.transaction];
    if (!failed || !stopped) return { steps: line.length, error: null };
    if (failed.transaction > 0) attempt = 1;
    first += failed.transaction;
    const doneBefore = from + first;
    if (failed.part === NOTHING_SENT)
      return { steps: first, error: failed.error.with({ state: tellApplied(context, doneBefore) }) };
    const { step, statements } = stopped;
    const error = await waitForRetry(context, step, attempt, failed.error);
    if (!error) continue;
    log.end(doneBefore, 'failed', attempt);
    const statement = statements[failed.part] ?? null;
    const failure = { step, statement, statementsDone: 0, error, attempts: attempt, doneBefore };
    return { steps: first, error: describeFailure(context, failure) };
  }
}

type Prepared = {
  readonly step: PlanStep;
  readonly statements: readonly Statement[];
  readonly transaction: NamedTransaction;
};

function prepare(context: RunContext, step: PlanStep, isLast: boolean): Prepared {
  const statements = statementsOf(step.units);
  const transaction: NamedTransaction = {
    name: step.migration.name,
    guards: buildGuards(context, isLast ? 'durable' : 'with-the-next'),
    parts: statements.map((statement) => statement.text),
    tail: buildRecordSql(context, step),
    end: 'COMMIT',
  };
  return { step, statements, transaction };
}
