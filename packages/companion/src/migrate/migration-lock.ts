import { createHash } from 'node:crypto';
import { buildLockHolderSql, toCulprit } from '../database/culprits.ts';
import { jitter, pause } from '../database/pause.ts';
import type { Session } from '../database/session.ts';
import { CompanionError, type Culprit } from '../kernel/errors.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { RunEvent } from '../kernel/run-event.ts';

/** The advisory key, salted with the ledger's address: two ledgers in one database do not wait for each other. */
export function lockKey(ledger: LedgerAddress): bigint {
  return createHash('sha256')
    .update(`drizzle-companion\0${ledger.schema}\0${ledger.table}`)
    .digest()
    .readBigInt64BE(0);
}

export type LockOptions = {
  readonly lockWaitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: RunEvent) => void;
};

/**
 * Runs `work` under the migration lock of this ledger. The lock is polled, never waited for: a session that waits inside
 * a statement holds a snapshot, and CREATE INDEX CONCURRENTLY of the session before us waits for just that snapshot.
 * Throws `lock-busy`, naming the holder.
 */
export async function withMigrationLock<T>(
  session: Session,
  ledger: LedgerAddress,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const key = lockKey(ledger);
  await acquire(session, key, options);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // The lock falls with the session, too: a failed release must not hide what went wrong.
    await release(session, key).catch(
      (failed) => error instanceof CompanionError && error.suppressed.push(failed),
    );
    throw error;
  }
  await release(session, key);
  return result;
}

async function acquire(session: Session, key: bigint, options: LockOptions): Promise<void> {
  const start = performance.now();
  let told: number | null | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const [row] = await session.query(buildLockSql(key));
    if (row?.[0] === 'true') return;
    const holder = await readHolder(session, key);
    const waitedMs = performance.now() - start;
    if (waitedMs >= options.lockWaitMs) throw lockBusy(holder, waitedMs);
    if (told !== (holder?.pid ?? null)) options.onEvent({ type: 'lock-wait', holder, waitedMs });
    told = holder?.pid ?? null;
    const next = jitter(Math.min(100 * 1.5 ** attempt, 1_000));
    await pause(Math.min(next, Math.max(0, options.lockWaitMs - waitedMs)), options.signal);
  }
}

async function release(session: Session, key: bigint): Promise<void> {
  await session.execute(`SELECT pg_advisory_unlock(${key}), pg_advisory_unlock(${key})`);
}

/** The lock is taken twice, so that giving one back and taking it again tells whether it is held, and never lets it go. */
function buildLockSql(key: bigint): string {
  return `SELECT (pg_try_advisory_lock(${key}) AND pg_try_advisory_lock(${key}))::text`;
}

/**
 * True in the server process that holds the lock, false in any other. A look into pg_locks says the same, and costs more
 * than a small migration: it lists every lock of the server.
 */
export function buildHoldsLockSql(key: bigint): string {
  return `CASE WHEN pg_advisory_unlock(${key}) THEN pg_try_advisory_lock(${key}) ELSE false END`;
}

async function readHolder(session: Session, key: bigint): Promise<Culprit | null> {
  const [row] = await session.query(buildLockHolderSql(key));
  return row ? toCulprit(row) : null;
}

function lockBusy(holder: Culprit | null, waitedMs: number): CompanionError {
  return new CompanionError('lock-busy', {
    message: `Another run holds the migration lock, and did not finish within ${Math.round(waitedMs / 1000)} s.`,
    culprits: holder ? [holder] : [],
    hint: holder
      ? `Wait longer with --lock-wait; if that session is dead, end it: SELECT pg_terminate_backend(${holder.pid});`
      : 'Wait longer with --lock-wait.',
    state: ['Nothing was changed.'],
  });
}
