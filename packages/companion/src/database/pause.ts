import { setTimeout as sleep } from 'node:timers/promises';
import { CompanionError } from '../kernel/errors.ts';

/** Waits, or throws the interruption at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfInterrupted(signal);
  try {
    await sleep(ms, undefined, signal && { signal });
  } catch {
    throwIfInterrupted(signal);
  }
}

/** `ms`, give or take half: many runners that wait for one thing should not knock at the same time. */
export function jitter(ms: number): number {
  return ms * (0.5 + Math.random());
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruption(signal);
}

export function interruption(signal: AbortSignal): CompanionError {
  const name = signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
  return new CompanionError(name === 'SIGINT' ? 'interrupted-sigint' : 'interrupted-sigterm', {
    message: `Interrupted${typeof signal.reason === 'string' ? ` by ${signal.reason}` : ''}.`,
  });
}
