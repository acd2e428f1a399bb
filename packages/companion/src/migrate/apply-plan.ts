import { interruption } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import { type MigratePlan, notRun, type PlanStep, statementsOf } from '../kernel/plan.ts';
import { applyInOne } from './apply-in-one.ts';
import { applyTransaction } from './apply-transaction.ts';
import { describeFailure, tellApplied } from './describe-failure.ts';
import { interruptible } from './interruptible.ts';
import { findResumePoint } from './resume.ts';
import type { AppliedPlan, RunContext } from './run-context.ts';
import { runUnits, type StepOutcome } from './run-units.ts';
import { wasCommitted } from './was-committed.ts';

/** Applies the plan, step after step, and stops at the first that fails. */
export async function applyPlan(context: RunContext, plan: MigratePlan): Promise<AppliedPlan> {
  if (plan.singleTransaction) return applyInOne(context, plan.steps);
  const reports = plan.steps.map(notRun);
  const steps = plan.steps.length;
  for (const [index, step] of plan.steps.entries()) {
    const started = performance.now();
    const { outcome, error } = await attempt(context, step, index, steps);
    if (outcome) {
      const state = error ? 'failed' : 'done';
      const report = {
        ...notRun(step),
        state,
        attempts: outcome.attempts,
        durationMs: performance.now() - started,
      } as const;
      reports[index] = report;
      context.onEvent({ type: 'step-end', step: report, index: index + 1, steps });
    }
    if (error) {
      await settle(context, error, index);
      return { steps: reports, error };
    }
  }
  return { steps: reports, error: null };
}

type Attempt = { readonly outcome: StepOutcome | null; readonly error: CompanionError | null };

/** One step, with its failure as the error the user sees; `outcome` is null when nothing of it was sent. */
async function attempt(context: RunContext, step: PlanStep, index: number, steps: number): Promise<Attempt> {
  const { signal } = context;
  if (signal?.aborted)
    return { outcome: null, error: interruption(signal).with({ state: tellApplied(context, index) }) };
  try {
    const outcome = await interruptible(context.session, signal, () =>
      applyStep(context, step, index, steps),
    );
    const { failure, attempts } = outcome;
    if (!failure || (await wasCommitted(context, step, failure))) return { outcome, error: null };
    const failed = { ...failure, step, attempts, doneBefore: index };
    return { outcome, error: await describeFailure(context, failed) };
  } catch (error) {
    // A resume that is refused: the file was changed where it had run already.
    if (!(error instanceof CompanionError)) throw error;
    return { outcome: null, error: error.with({ state: tellApplied(context, index) }) };
  }
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
  return applyTransaction(context, step, { isLast: index === steps - 1, steps });
}

/**
 * Commits of this run that did not wait for the disk are made to, before anybody is told of them. Best effort: when the
 * session is gone the server writes them out within a second of its own accord.
 */
async function settle(context: RunContext, error: CompanionError, doneBefore: number): Promise<void> {
  if (doneBefore === 0 || error.code === 'connection-lost') return;
  await context.session
    .transaction([`SELECT pg_logical_emit_message(true, 'drizzle-companion', 'settle')`])
    .catch((failed) => error.suppressed.push(failed));
}
