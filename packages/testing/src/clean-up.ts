import { AsyncLocalStorage } from 'node:async_hooks';
import { onTestFinished } from 'vitest';

type Release = () => Promise<void> | void;

const scopes = new AsyncLocalStorage<Release[]>();

/**
 * Runs `release` when the running test ends, or the `withResources` around us. Outside of both (in `beforeAll`, in a
 * script) it does nothing: there the resource's own `drop`, `close` or `remove` is called by hand.
 */
export function releaseAfterTest(release: Release): void {
  const scope = scopes.getStore();
  if (scope) {
    scope.push(release);
    return;
  }
  try {
    onTestFinished(release);
  } catch {
    // No test is running.
  }
}

/**
 * Releases at its end what `work` opened, newest first. For tests that run at the same time: Vitest cannot tell which
 * of them a resource belongs to.
 */
export async function withResources<T>(work: () => Promise<T>): Promise<T> {
  const releases: Release[] = [];
  try {
    return await scopes.run(releases, work);
  } finally {
    for (const release of releases.reverse()) await release();
  }
}
