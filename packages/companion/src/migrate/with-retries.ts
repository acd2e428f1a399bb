import { jitter, pause } from '../database/pause.ts';
import { queryFailure } from '../database/server-error.ts';
import type { CompanionError } from '../kernel/errors.ts';
import type { PlanStep } from '../kernel/plan.ts';
import type { RunContext } from './run-context.ts';

/** lock_not_available and deadlock_detected: rolled back, and worth another try. */
const RETRIED = new Set(['55P03', '40P01']);

export function isRetried(error: CompanionError): boolean {
  return RETRIED.has(error.fields.server?.sqlstate ?? '');
}

export type Attempted<F> = { readonly failure: F | null; readonly attempts: number };

/**
 * Tries again when a lock could not be had. Each try has the same time-outs as the first:
 * a last one without would queue for as long as it takes, and everybody else behind it.
 * @param retries how many times at most.
 */
export async function withRetries<F extends { readonly error: CompanionError }>(
  context: RunContext,
  step: PlanStep,
  retries: number,
  run: () => Promise<F | null>,
): Promise<Attempted<F>> {
  for (let attempt = 1; ; attempt += 1) {
    context.watch.progress();
    const failure = await run();
    const sqlstate = failure?.error.fields.server?.sqlstate ?? '';
    const left = retries + 1 - attempt;
    if (!failure || !isRetried(failure.error) || left <= 0 || context.signal?.aborted)
      return { failure, attempts: attempt };
    const delayMs = jitter(Math.min(500 * 2 ** (attempt - 1), 10_000));
    const culprits = context.watch.culprits();
    context.onEvent({ type: 'step-retry', name: step.migration.name, attempt, sqlstate, delayMs, culprits });
    try {
      await pause(delayMs, context.signal);
    } catch (error) {
      return { failure: { ...failure, error: queryFailure(error) }, attempts: attempt };
    }
  }
}
