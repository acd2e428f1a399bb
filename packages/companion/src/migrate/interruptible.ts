import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../database/session.ts';

/**
 * Runs `work`; when `signal` aborts meanwhile, cancels what the session is executing, again and again until `work`
 * ends: a cancel that arrives between two statements is forgotten by the server. When no second connection can be had
 * to send it, the session is closed, and the server rolls back when it notices.
 */
export async function interruptible<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!signal) return work();
  let ended = false;
  const cancel = async () => {
    while (!ended) {
      try {
        await session.aside(`SELECT pg_cancel_backend(${session.facts.pid})`);
      } catch {
        if (!ended) await session.close();
        return;
      }
      await sleep(250);
    }
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work();
  } finally {
    ended = true;
    signal.removeEventListener('abort', cancel);
  }
}
