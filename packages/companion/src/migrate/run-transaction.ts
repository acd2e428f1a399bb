import { interruption } from '../database/pause.ts';
import type { Session } from '../database/session.ts';
import type { CompanionError } from '../kernel/errors.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { skipBlank } from '../sql/skip-blank.ts';

/** Which part failed: `-1` is BEGIN and its guards, `parts.length` is COMMIT; `NOTHING_SENT` when an interruption came before BEGIN. */
export type TransactionFailure = { readonly part: number; readonly error: CompanionError };

/** The same in a line of transactions: those before `transaction` (0-based) are committed, it and those after it are not. */
export type LineFailure = TransactionFailure & { readonly transaction: number };

export const NOTHING_SENT = -2;

export type Transaction = {
  /** Sent in one message with BEGIN. */
  readonly guards: readonly string[];
  readonly parts: readonly string[];
  /** Sent in one message with COMMIT (or ROLLBACK). */
  readonly tail: readonly string[];
  readonly end: 'COMMIT' | 'ROLLBACK';
};

/** A transaction that others may follow; names differ within a line. */
export type NamedTransaction = Transaction & { readonly name: string };

/** How many messages may be under way: enough to hide the network, few enough to stop soon after a failure. */
const WINDOW = 64;

/** Runs one transaction, as `runTransactions` does. */
export async function runTransaction(
  session: Session,
  transaction: Transaction,
  signal: AbortSignal | undefined,
  onPart: (part: number) => void,
): Promise<TransactionFailure | null> {
  const line = [{ ...transaction, name: '' }];
  return runTransactions(session, line, signal, (_, part) => onPart(part));
}

/**
 * Runs transactions one after another, and sends without waiting for each answer: the server always has work, and the
 * network costs next to nothing, however many statements and transactions there are. That is safe because BEGIN goes
 * first: after a failure the server refuses whatever follows, COMMIT messages and further BEGINs included, until our
 * ROLLBACK. Two things would end the refusing. A file's own ROLLBACK TO SAVEPOINT is sent only when all before it has
 * succeeded. A COMMIT that fails (a deferred constraint) leaves no transaction that could refuse: there each BEGIN looks
 * for the mark that the transaction before it set, which is undone with it.
 * @param onPart told of each part that is done, in order; part `parts.length` is the COMMIT.
 * @returns null when all are committed, else the first that failed; it is rolled back then, or the session is gone.
 */
export async function runTransactions(
  session: Session,
  line: readonly NamedTransaction[],
  signal: AbortSignal | undefined,
  onPart: (transaction: number, part: number) => void,
): Promise<LineFailure | null> {
  // Answers come in the order of the messages: the first that is a failure is the cause of all others.
  let failure: LineFailure | null = null;
  const underWay = new Set<Promise<void>>();
  for (const { transaction, part, sql } of messagesOf(line)) {
    if (rollsBack(sql) || signal?.aborted) await Promise.all(underWay);
    if (signal?.aborted) failure ??= { transaction, part: part - 1, error: interruption(signal) };
    if (failure) break;
    const sent: Promise<void> = session
      .execute(sql)
      .then(
        () => onPart(transaction, part),
        (error: CompanionError) => {
          failure ??= { transaction, part, error };
        },
      )
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
    if (underWay.size >= WINDOW) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  const failed = failure as LineFailure | null;
  if (failed && failed.error.code !== 'connection-lost') {
    await session.execute('ROLLBACK').catch((error) => failed.error.suppressed.push(error));
  }
  return failed;
}

type Message = { readonly transaction: number; readonly part: number; readonly sql: string };

function* messagesOf(line: readonly NamedTransaction[]): Iterable<Message> {
  for (const [transaction, { name, guards, parts, tail, end }] of line.entries()) {
    const before = line[transaction - 1];
    const isLast = transaction === line.length - 1;
    const begin = ['BEGIN', ...guards, ...(before ? [buildMarkGuardSql(before.name)] : [])];
    yield { transaction, part: -1, sql: begin.join(';\n') };
    for (const [part, sql] of parts.entries()) yield { transaction, part, sql };
    const finish = [...tail, ...(isLast ? [] : [`SET ${MARK} = ${quoteLiteral(name)}`]), end];
    yield { transaction, part: parts.length, sql: finish.join(';\n') };
  }
}

/** A setting of the session that PostgreSQL takes back when the transaction that set it fails, at its COMMIT too. */
const MARK = 'drizzle_companion.committed';

function buildMarkGuardSql(name: string): string {
  const mark = `coalesce(current_setting('${MARK}', true), '')`;
  return `SELECT CASE WHEN ${mark} <> ${quoteLiteral(name)} THEN ('drizzle-companion: the migration before this one was not committed; the last that was is ' || ${mark})::integer END`;
}

function rollsBack(sql: string): boolean {
  const start = skipBlank(sql, 0);
  // PREPARE TRANSACTION, too, is a ROLLBACK to PostgreSQL where the transaction has failed.
  return /^(rollback|prepare)\b/i.test(sql.slice(start, start + 'rollback'.length + 1));
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
