import { type Readiness, readiness } from 'drizzle-companion';

/**
 * Asks on a connection of its own, so that a busy pool does not make the api look unready.
 * Probes that arrive together share one answer: whoever calls /readyz often must not use up connections.
 */
export function createReadiness(database: { url: string; folder: string }): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined;
  return () => {
    const asked = running ?? ask(database).finally(() => (running = undefined));
    running = asked;
    return asked;
  };
}

async function ask(database: { url: string; folder: string }): Promise<Readiness> {
  try {
    return await readiness(database);
  } catch (error) {
    return {
      ready: false,
      reason: error instanceof Error ? error.message : String(error),
      applied: 0,
      missing: [],
    };
  }
}
