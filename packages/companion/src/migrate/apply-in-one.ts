import type { Statement } from '../kernel/place.ts';
import { notRun, type PlanStep, statementsOf } from '../kernel/plan.ts';
import type { StepReport } from '../kernel/report.ts';
import { describeFailure, type FailedStep } from './describe-failure.ts';
import { interruptible } from './interruptible.ts';
import {
  type AppliedPlan,
  buildGuards,
  buildRecordSql,
  type RunContext,
  tellStatement,
} from './run-context.ts';
import { runTransaction, type TransactionFailure } from './run-transaction.ts';
import { wasCommitted } from './was-committed.ts';
import { withRetries } from './with-retries.ts';

/** What is sent: a statement of a step, or (null) the step's records. */
type Part = {
  readonly step: PlanStep;
  readonly statement: Statement | null;
  /** The statements of the step. */
  readonly siblings: readonly Statement[];
  readonly index: number;
  readonly sql: string;
};

/** `--single-transaction`: all steps and their rows commit together or not at all, as stock drizzle does it. */
export async function applyInOne(context: RunContext, steps: readonly PlanStep[]): Promise<AppliedPlan> {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return { steps: [], error: null };
  const parts = steps.flatMap((step) => [
    ...statementsOf(step.units).map(
      (statement, index, siblings): Part => ({ step, statement, siblings, index, sql: statement.text }),
    ),
    { step, statement: null, siblings: [], index: -1, sql: buildRecordSql(context, step).join(';\n') },
  ]);
  tellStarts(context, steps);
  const started = performance.now();
  const transaction = {
    guards: buildGuards(context, 'durable'),
    parts: parts.map((part) => part.sql),
    tail: [],
    end: 'COMMIT',
  } as const;
  const { failure, attempts } = await interruptible(context.session, context.signal, () =>
    withRetries<TransactionFailure>(context, first, context.settings.lockRetries, () =>
      runTransaction(context.session, transaction, context.signal, (index) => {
        const part = parts[index];
        if (part?.statement) tellStatement(context, part.step, part.siblings, part.index);
      }),
    ),
  );
  const durationMs = (performance.now() - started) / steps.length;
  const failed = failure && locateFailure(failure, parts, { first, last });
  const described = failed && { ...failed, statementsDone: 0, attempts, doneBefore: 0 };
  const culprit = described && !(await wasCommitted(context, last, described)) ? described : null;
  const reports = steps.map((step): StepReport => {
    const state = !culprit ? 'done' : step === culprit.step ? 'failed' : 'not-run';
    return { ...notRun(step), state, attempts, durationMs: state === 'not-run' ? 0 : durationMs };
  });
  for (const [index, step] of reports.entries()) {
    if (step.state !== 'not-run')
      context.onEvent({ type: 'step-end', step, index: index + 1, steps: steps.length });
  }
  return { steps: reports, error: culprit && (await describeFailure(context, culprit)) };
}

function locateFailure(
  { part, error }: TransactionFailure,
  parts: readonly Part[],
  { first, last }: { readonly first: PlanStep; readonly last: PlanStep },
): Pick<FailedStep, 'error' | 'step' | 'at'> {
  if (part < 0) return { error, step: first, at: 'begin' };
  const failed = parts[part];
  return { error, step: failed?.step ?? last, at: failed?.statement ?? 'commit' };
}

function tellStarts(context: RunContext, steps: readonly PlanStep[]): void {
  for (const [index, step] of steps.entries()) {
    context.onEvent({
      type: 'step-start',
      name: step.migration.name,
      index: index + 1,
      steps: steps.length,
      statements: statementsOf(step.units).length,
      transaction: true,
      resumedAfter: 0,
    });
  }
}
