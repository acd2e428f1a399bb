import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import { buildGuards, buildRecordSql, type RunContext, tellStatement } from './run-context.ts';
import { fitsOneMessage, runInOneMessage } from './run-in-one-message.ts';
import { runTransaction, type TransactionFailure } from './run-transaction.ts';
import { placeOf, type StepOutcome } from './run-units.ts';
import { wasCommitted } from './was-committed.ts';
import { isRetried, withRetries } from './with-retries.ts';

/** From so many steps on, time matters more than to see the statements of a small migration pass one by one. */
const MANY = 16;

/**
 * Applies a step that is one transaction with its records. In a long run a small one is tried as one message first; when
 * that fails, it runs again statement by statement, which tells where.
 */
export async function applyTransaction(
  context: RunContext,
  step: PlanStep,
  place: { readonly isLast: boolean; readonly steps: number },
): Promise<StepOutcome> {
  const { session, signal, settings } = context;
  const statements = statementsOf(step.units);
  const transaction = {
    guards: buildGuards(context, place.isLast ? 'durable' : 'with-the-next'),
    parts: statements.map((statement) => statement.text),
    tail: buildRecordSql(context, step),
    end: 'COMMIT',
  } as const;
  const tell = (part: number) => tellStatement(context, step, statements, part);
  let atOnce = place.steps >= MANY && settings.lockRetries > 0 && fitsOneMessage(transaction);

  const { failure, attempts } = await withRetries<TransactionFailure>(
    context,
    step,
    settings.lockRetries,
    async () => {
      if (!atOnce) return runTransaction(session, transaction, signal, tell);
      atOnce = false;
      const error = await runInOneMessage(session, transaction);
      if (error === null || (await wasCommitted(context, step, { at: 'commit', error }))) {
        for (const part of statements.keys()) tell(part);
        return null;
      }
      const isSettled = error.code === 'connection-lost' || isRetried(error) || signal?.aborted;
      return isSettled ? { part: -1, error } : runTransaction(session, transaction, signal, tell);
    },
  );
  return {
    attempts,
    failure: failure && { error: failure.error, at: placeOf(failure, statements), statementsDone: 0 },
  };
}
