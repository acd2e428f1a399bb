import { buildBlockersSql, toCulprit } from '../database/culprits.ts';
import type { Session } from '../database/session.ts';
import type { Culprit } from '../kernel/errors.ts';

export type BlockerWatch = {
  /** Tell that a statement has ended: only one that takes long is worth a look. */
  readonly progress: () => void;
  /** Who was last seen to block us since the last progress. */
  readonly culprits: () => readonly Culprit[];
};

/**
 * Looks, from a second connection, at who blocks the session while a statement takes long. Afterwards it is too late:
 * PostgreSQL's "canceling statement due to lock timeout" names nobody.
 */
export async function withBlockerWatch<T>(
  session: Session,
  lockTimeoutMs: number,
  work: (watch: BlockerWatch) => Promise<T>,
): Promise<T> {
  let seen: readonly Culprit[] = [];
  let sinceProgress = performance.now();
  let looking = false;
  const every = Math.min(2_000, Math.max(100, (lockTimeoutMs || 5_000) * 0.4));
  const timer = setInterval(async () => {
    if (looking || performance.now() - sinceProgress < every) return;
    looking = true;
    try {
      const rows = await session.aside(buildBlockersSql(session.facts.pid));
      if (rows.length > 0) seen = rows.map(toCulprit);
    } catch {
      // Nothing depends on it: without a second connection the culprit stays unnamed.
    }
    looking = false;
  }, every);
  timer.unref();
  try {
    return await work({
      progress: () => {
        sinceProgress = performance.now();
        seen = [];
      },
      culprits: () => seen,
    });
  } finally {
    clearInterval(timer);
  }
}
