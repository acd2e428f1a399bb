import { interruption } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { MigratePlan, PlanStep } from '../kernel/plan.ts';
import { applyInOne } from './apply-in-one.ts';
import { type Applied, applyLine } from './apply-line.ts';
import { describeFailure, tellApplied } from './describe-failure.ts';
import { interruptible } from './interruptible.ts';
import { findResumePoint } from './resume.ts';
import type { AppliedPlan, RunContext } from './run-context.ts';
import { runUnits } from './run-units.ts';
import { createStepLog, type StepLog } from './step-log.ts';

/** Applies the plan, step after step, and stops at the first that fails. */
export async function applyPlan(context: RunContext, plan: MigratePlan): Promise<AppliedPlan> {
  if (plan.singleTransaction) return applyInOne(context, plan.steps);
  const log = createStepLog(context, plan.steps);
  let done = 0;
  for (let step = plan.steps[done]; step; step = plan.steps[done]) {
    const { steps, error } = await applyNext(context, plan.steps, step, done, log);
    done += steps;
    if (!error) continue;
    await settle(context, error, done);
    return { steps: log.reports, error };
  }
  return { steps: log.reports, error: null };
}

/** The next step, with those behind it when they are one transaction each. */
async function applyNext(
  context: RunContext,
  steps: readonly PlanStep[],
  next: PlanStep,
  index: number,
  log: StepLog,
): Promise<Applied> {
  const { session, signal } = context;
  const state = tellApplied(context, index);
  if (signal?.aborted) return { steps: 0, error: interruption(signal).with({ state }) };
  try {
    return await interruptible(session, signal, () =>
      next.transaction ? applyLine(context, steps, index, log) : applyUnits(context, next, index, log),
    );
  } catch (error) {
    // A resume that is refused: the file was changed where it had run already.
    if (!(error instanceof CompanionError)) throw error;
    return { steps: 0, error: error.with({ state }) };
  }
}

/** A step that is not one transaction. */
async function applyUnits(
  context: RunContext,
  step: PlanStep,
  index: number,
  log: StepLog,
): Promise<Applied> {
  const resume = findResumePoint(step, context.facts.get(step.migration.name));
  log.start(index, resume.statementsDone);
  const { failure, attempts } = await runUnits(context, step, resume);
  log.end(index, failure ? 'failed' : 'done', attempts);
  if (!failure) return { steps: 1, error: null };
  return { steps: 0, error: describeFailure(context, { ...failure, step, attempts, doneBefore: index }) };
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
