import type { PlanStep } from '../kernel/plan.ts';
import type { StepReport } from '../kernel/report.ts';
import { notRun, type RunContext, statementsOf } from './run-context.ts';

/** What becomes of each step of a plan, told as it happens and kept for the report. */
export type StepLog = {
  readonly reports: readonly StepReport[];
  /** A second time for the same step, after a retry, is not told. */
  start(index: number, resumedAfter: number): void;
  end(index: number, state: 'done' | 'failed', attempts: number): void;
};

export function createStepLog(context: RunContext, steps: readonly PlanStep[]): StepLog {
  const reports = steps.map(notRun);
  let running = -1;
  let started = 0;
  const log: StepLog = {
    reports,
    start: (index, resumedAfter) => {
      const step = steps[index];
      if (index === running || !step) return;
      running = index;
      started = performance.now();
      context.onEvent({
        type: 'step-start',
        name: step.migration.name,
        index: index + 1,
        steps: steps.length,
        statements: statementsOf(step.units).length,
        transaction: step.transaction,
        resumedAfter,
      });
    },
    end: (index, state, attempts) => {
      const planned = reports[index];
      if (!planned) return;
      log.start(index, 0);
      const step = { ...planned, state, attempts, durationMs: performance.now() - started };
      reports[index] = step;
      context.onEvent({ type: 'step-end', step, index: index + 1, steps: steps.length });
    },
  };
  return log;
}
