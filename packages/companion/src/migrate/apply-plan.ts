import { throwIfInterrupted } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { MigratePlan, PlanStep } from '../kernel/plan.ts';
import type { StepReport } from '../kernel/report.ts';
import { describeFailure } from './describe-failure.ts';
import { interruptible } from './interruptible.ts';
import { findResumePoint } from './resume.ts';
import { buildGuards, buildRecordSql, type RunContext, statementsOf } from './run-context.ts';
import { runTransaction, type TransactionFailure } from './run-transaction.ts';
import { runUnits, type StepOutcome } from './run-units.ts';
import { withRetries } from './with-retries.ts';

/** Every planned step with what became of it, and why the run stopped, if it did. */
export type AppliedPlan = { readonly steps: readonly StepReport[]; readonly error: CompanionError | null };

/** Applies the plan, step after step, and stops at the first that fails. */
export async function applyPlan(context: RunContext, plan: MigratePlan): Promise<AppliedPlan> {
  if (plan.singleTransaction) return applyInOne(context, plan.steps);
  const reports = plan.steps.map(notRun);
  for (const [index, step] of plan.steps.entries()) {
    const started = performance.now();
    const end = (state: 'done' | 'failed', attempts: number) => {
      const report: StepReport = {
        ...notRun(step),
        state,
        attempts,
        durationMs: performance.now() - started,
      };
      reports[index] = report;
      context.onEvent({ type: 'step-end', step: report, index: index + 1, steps: plan.steps.length });
    };
    let outcome: StepOutcome;
    try {
      throwIfInterrupted(context.signal);
      outcome = await interruptible(context.session, context.signal, () =>
        applyStep(context, step, index, plan.steps.length),
      );
    } catch (error) {
      if (!(error instanceof CompanionError)) throw error;
      const between = error.code.startsWith('interrupted');
      if (!between) end('failed', 1);
      return { steps: reports, error: await settled(context, error, index) };
    }
    end(outcome.failure ? 'failed' : 'done', outcome.attempts);
    if (!outcome.failure) continue;
    const error = explain(context, step, outcome, index);
    return { steps: reports, error: await settled(context, error, index) };
  }
  return { steps: reports, error: null };
}

async function applyStep(
  context: RunContext,
  step: PlanStep,
  index: number,
  steps: number,
): Promise<StepOutcome> {
  const statements = statementsOf(step.units);
  const resume = step.transaction ? null : findResumePoint(step, context.facts.get(step.migration.name));
  context.onEvent({
    type: 'step-start',
    name: step.migration.name,
    index: index + 1,
    steps,
    statements: statements.length,
    transaction: step.transaction,
    resumedAfter: resume?.statementsDone ?? 0,
  });
  if (resume) return runUnits(context, step, resume);
  const { failure, attempts } = await withRetries(context, step, () =>
    runTransaction(
      context.session,
      {
        guards: buildGuards(context, index === steps - 1 ? 'durable' : 'with-the-next'),
        parts: statements.map((statement) => statement.text),
        tail: buildRecordSql(context, step),
        end: 'COMMIT',
      },
      context.signal,
      (part) => tellDone(context, step, part),
    ),
  );
  return {
    attempts,
    failure: failure && {
      error: failure.error,
      statement: statements[failure.part] ?? null,
      statementsDone: 0,
    },
  };
}

/** `--single-transaction`: all steps and their rows commit together or not at all. */
async function applyInOne(context: RunContext, steps: readonly PlanStep[]): Promise<AppliedPlan> {
  const parts = steps.flatMap((step) => [
    ...statementsOf(step.units).map(
      (statement, index): Part => ({ step, statement, index, sql: statement.text }),
    ),
    { step, statement: null, index: -1, sql: buildRecordSql(context, step).join(';\n') },
  ]);
  const first = steps[0];
  if (!first) return { steps: [], error: null };
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
  const started = performance.now();
  const { failure, attempts } = await interruptible(context.session, context.signal, () =>
    withRetries<TransactionFailure>(context, first, () =>
      runTransaction(
        context.session,
        {
          guards: buildGuards(context, 'durable'),
          parts: parts.map((part) => part.sql),
          tail: [],
          end: 'COMMIT',
        },
        context.signal,
        (index) => {
          const part = parts[index];
          if (part?.statement) tellDone(context, part.step, part.index);
        },
      ),
    ),
  );
  const durationMs = (performance.now() - started) / steps.length;
  const culprit = failure && (parts[failure.part] ?? { step: steps.at(-1) ?? first, statement: null });
  const reports = steps.map((step): StepReport => {
    const state = !culprit ? 'done' : step === culprit.step ? 'failed' : 'not-run';
    return { ...notRun(step), state, attempts, durationMs: state === 'not-run' ? 0 : durationMs };
  });
  for (const [index, step] of reports.entries()) {
    if (step.state !== 'not-run')
      context.onEvent({ type: 'step-end', step, index: index + 1, steps: steps.length });
  }
  if (!culprit) return { steps: reports, error: null };
  const outcome = {
    attempts,
    failure: { error: failure.error, statement: culprit.statement, statementsDone: 0 },
  };
  return { steps: reports, error: explain(context, culprit.step, outcome, 0) };
}

type Part = {
  readonly step: PlanStep;
  readonly statement: Statement | null;
  readonly index: number;
  readonly sql: string;
};

function explain(
  context: RunContext,
  step: PlanStep,
  outcome: StepOutcome,
  doneBefore: number,
): CompanionError {
  const { failure, attempts } = outcome;
  if (!failure)
    throw new CompanionError('internal', { message: 'a step that did not fail has no failure to explain' });
  const { error } = failure;
  if (error.message.includes('drizzle-companion: the session moved')) {
    return new CompanionError('pooler-refused', {
      message: `${step.migration.name} was not run: ${error.message}.`,
      hint: 'A transaction pooler stands between. Put the URL of the direct connection into MIGRATION_DATABASE_URL.',
      cause: error,
    });
  }
  const total = statementsOf(step.units).length;
  const own = step.transaction
    ? 'It was rolled back: nothing of it is in the database.'
    : `It runs without a transaction: ${failure.statementsDone} of its ${total} statements are done and stay; a rerun goes on after them.`;
  const before =
    doneBefore === 1
      ? '1 migration before it was applied in this run, and stays.'
      : `${doneBefore} migrations before it were applied in this run, and stay.`;
  const interrupted = context.signal?.aborted && error.fields.server?.sqlstate === '57014';
  const reason = context.signal?.reason === 'SIGINT' ? 'interrupted-sigint' : 'interrupted-sigterm';
  const cause = interrupted
    ? new CompanionError(reason, { message: `Interrupted during ${step.migration.name}.`, cause: error })
    : error;
  return describeFailure(cause, {
    step,
    statement: failure.statement,
    during: 'while it was being recorded and committed',
    role: context.session.facts.identity.user,
    database: context.session.facts.identity.name,
    ledger: context.ledger,
    attempts,
    culprits: context.watch.culprits(),
    state: doneBefore > 0 ? [own, before] : [own],
  });
}

/**
 * Commits of this run that did not wait for the disk are made to, before anybody is told of them. Best effort: when the
 * session is gone the server writes them out within a second of its own accord.
 */
async function settled(context: RunContext, error: CompanionError, done: number): Promise<CompanionError> {
  if (done === 0 || error.code === 'connection-lost') return error;
  await context.session
    .transaction([`SELECT pg_logical_emit_message(true, 'drizzle-companion', 'settle')`])
    .catch((failed) => error.suppressed.push(failed));
  return error;
}

function notRun(step: PlanStep): StepReport {
  return {
    name: step.migration.name,
    state: 'not-run',
    statements: statementsOf(step.units).length,
    durationMs: 0,
    transaction: step.transaction,
    attempts: 0,
  };
}

function tellDone(context: RunContext, step: PlanStep, part: number): void {
  context.watch.progress();
  const statements = statementsOf(step.units).length;
  if (part < 0 || part >= statements) return;
  context.onEvent({ type: 'statement-done', name: step.migration.name, done: part + 1, statements });
}
