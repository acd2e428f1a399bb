import { onTestFinished } from 'vitest';

/**
 * Runs `release` when the running test ends. Outside of one (in `beforeAll`, in a script) it does nothing:
 * there the resource's own `drop`, `close` or `remove` is called by hand.
 */
export function releaseAfterTest(release: () => Promise<void> | void): void {
  try {
    onTestFinished(release);
  } catch {
    // No test is running.
  }
}
