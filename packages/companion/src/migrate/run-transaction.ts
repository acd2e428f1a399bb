import { interruption } from '../database/pause.ts';
import type { Session } from '../database/session.ts';
import type { CompanionError } from '../kernel/errors.ts';
import { skipBlank } from '../sql/skip-blank.ts';

/** Which part failed: `-1` is BEGIN and its guard, `parts.length` is COMMIT. */
export type TransactionFailure = { readonly part: number; readonly error: CompanionError };

export type Transaction = {
  /** Sent in one message with BEGIN. */
  readonly guards: readonly string[];
  readonly parts: readonly string[];
  /** Sent in one message with COMMIT (or ROLLBACK). */
  readonly tail: readonly string[];
  readonly end: 'COMMIT' | 'ROLLBACK';
};

/** How many messages may be under way: enough to hide the network, few enough to stop soon after a failure. */
const WINDOW = 64;

/**
 * Runs one transaction and sends without waiting for each answer: a migration costs one round trip, however many
 * statements it has. That is safe because BEGIN goes first: after a failure the server refuses whatever follows, the
 * COMMIT message included, until our ROLLBACK. A file's own ROLLBACK TO SAVEPOINT would end the refusing, and is sent only
 * when all before it has succeeded.
 * @returns null when it is committed, else which part failed; then it is rolled back, or the session is gone.
 */
export async function runTransaction(
  session: Session,
  transaction: Transaction,
  signal: AbortSignal | undefined,
  onPart: (part: number) => void,
): Promise<TransactionFailure | null> {
  const messages = [
    ['BEGIN', ...transaction.guards].join(';\n'),
    ...transaction.parts,
    [...transaction.tail, transaction.end].join(';\n'),
  ];
  let failure: TransactionFailure | null = null;
  const underWay = new Set<Promise<void>>();
  for (const [index, message] of messages.entries()) {
    if (rollsBack(message)) await Promise.all(underWay);
    if (signal?.aborted) failure ??= { part: index - 1, error: interruption(signal) };
    if (failure) break;
    const sent: Promise<void> = session
      .execute(message)
      .then(
        () => onPart(index - 1),
        (error: CompanionError) => {
          failure ??= { part: index - 1, error };
        },
      )
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
    if (underWay.size >= WINDOW) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  const failed = failure as TransactionFailure | null;
  if (failed && failed.error.code !== 'connection-lost') {
    await session.execute('ROLLBACK').catch((error) => failed.error.suppressed.push(error));
  }
  return failed;
}

function rollsBack(sql: string): boolean {
  const start = skipBlank(sql, 0);
  return /^rollback\b/i.test(sql.slice(start, start + 'rollback'.length + 1));
}

/** How the server's message starts when the session is no longer the one that took the lock. */
export const PIN_LOST = 'drizzle-companion: the session moved';

/**
 * Fails the transaction when the session has moved to another server process since the lock was taken: the lock would
 * be somebody else's. The cast is made to fail with our sentence as the server's message.
 */
export function buildPinGuardSql(pid: number): string {
  return `SELECT CASE WHEN pg_backend_pid() <> ${pid} THEN ('${PIN_LOST} from server process ${pid} to ' || pg_backend_pid())::integer END`;
}
