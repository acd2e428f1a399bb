import { type Readiness, readiness } from 'drizzle-companion';

/**
 * Asks on a connection of its own, so that a busy pool does not make the api look unready.
 * Probes that arrive together share one answer: whoever calls /readyz often must not use up connections.
 */
export function createReadiness({ url, folder }: { url: string; folder: string }): () => Promise<Readiness> {
  const ask = () =>
    readiness({ url, folder }).catch((error: unknown): Readiness => {
      const reason = error instanceof Error ? error.message : String(error);
      return { ready: false, reason, applied: 0, missing: [] };
    });
  let running: Promise<Readiness> | undefined;
  return () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
}
