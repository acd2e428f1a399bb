import { interruption } from '../database/pause.ts';
import type { Session } from '../database/session.ts';
import type { CompanionError } from '../kernel/errors.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { buildHoldsLockSql } from './migration-lock.ts';

/** Which part failed: `-1` is BEGIN and its settings, `parts.length` is the records and COMMIT. */
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
 * Runs one transaction and sends its parts without waiting for each answer: however many statements it has, they cost one
 * round trip. BEGIN alone is waited for. Once it has succeeded, a failure makes the server refuse whatever follows, the
 * COMMIT message included, until our ROLLBACK; before that, parts would commit one by one. A file's own ROLLBACK TO
 * SAVEPOINT or PREPARE TRANSACTION would end the refusing, and is sent only when all before it has succeeded.
 * @returns null when it is committed, else which part failed; then it is rolled back, or the session is gone. A failure of
 * the last part may come after the COMMIT in it (a late cancel): who must know looks into the ledger.
 */
export async function runTransaction(
  session: Session,
  transaction: Transaction,
  signal: AbortSignal | undefined,
  onPart: (part: number) => void,
): Promise<TransactionFailure | null> {
  const { guards, parts, tail, end } = transaction;
  if (signal?.aborted) return { part: -1, error: interruption(signal) };
  const failed =
    (await sendAll(session, -1, [['BEGIN', ...guards].join(';\n')], signal, () => undefined)) ??
    (await sendAll(session, 0, [...parts, [...tail, end].join(';\n')], signal, onPart));
  if (failed && failed.error.code !== 'connection-lost') {
    await session.execute('ROLLBACK').catch((error) => failed.error.suppressed.push(error));
  }
  return failed;
}

/** Sends messages, `WINDOW` under way at most, and stops sending at the first failure. @returns that failure. */
async function sendAll(
  session: Session,
  first: number,
  messages: readonly string[],
  signal: AbortSignal | undefined,
  onPart: (part: number) => void,
): Promise<TransactionFailure | null> {
  let failure: TransactionFailure | null = null;
  const underWay = new Set<Promise<void>>();
  for (const [index, message] of messages.entries()) {
    const part = first + index;
    if (endsRefusing(message)) await Promise.all(underWay);
    if (signal?.aborted) failure ??= { part, error: interruption(signal) };
    if (failure) break;
    // Answers come in the order of the messages: the first that is a failure is the cause of all others.
    const sent: Promise<void> = session
      .execute(message)
      .then(
        () => onPart(part),
        (error: CompanionError) => {
          failure ??= { part, error };
        },
      )
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
    if (underWay.size >= WINDOW) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  return failure;
}

function endsRefusing(sql: string): boolean {
  const start = skipBlank(sql, 0);
  return /^(rollback|prepare)\b/i.test(sql.slice(start, start + 'rollback'.length + 1));
}

/** How the server's message starts when the session no longer has what it took the lock with. */
export const PIN_LOST = 'drizzle-companion: the migration lock is gone';

/**
 * Fails the transaction it stands in when the session has moved to another server process (a pooler) or has lost the
 * migration lock (DISCARD ALL, pg_advisory_unlock_all) since it was taken. Asked before the records of a migration, not
 * at its BEGIN: a query there would forbid a file to set its isolation level. The cast is made to fail with our sentence as
 * the server's message.
 */
export function buildPinGuardSql(pid: number, key: bigint): string {
  return `SELECT CASE WHEN pg_backend_pid() <> ${pid} OR NOT ${buildHoldsLockSql(key)} THEN ('${PIN_LOST}; server process ${pid} had it, this is ' || pg_backend_pid())::integer END`;
}
