import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { endsClean } from '../sql/ends-clean.ts';
import type { Transaction } from './run-transaction.ts';

/** Longer ones are worth the progress that statements told one by one give. */
const MAX_LENGTH = 20_000;

/**
 * May the whole transaction go as one message? Only when no statement can swallow the next, and none changes how those
 * after it are read: PostgreSQL reads a message before it runs any of it.
 */
export function fitsOneMessage({ parts }: Transaction): boolean {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const rereads = /standard_conforming_strings|client_encoding|backslash_quote/i;
  return length <= MAX_LENGTH && parts.every((part) => endsClean(part) && !rereads.test(part));
}

/**
 * Runs a transaction as one message: one round trip for a small migration. After an error PostgreSQL skips the rest of the
 * message, the COMMIT included, also when it is the BEGIN that was cancelled.
 * @returns null when it is committed, else why not; it is rolled back then, or the session is gone. Which statement it was
 * is not known: running the parts one by one tells. As there, a cancel may come after the COMMIT.
 */
export async function runInOneMessage(
  session: Session,
  transaction: Transaction,
): Promise<CompanionError | null> {
  const { guards, parts, tail, end } = transaction;
  // A line end before each semicolon: a part may end in a comment.
  const message = ['BEGIN', ...guards, ...parts, ...tail, end].join('\n;\n');
  try {
    await session.execute(message);
    return null;
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    if (error.code !== 'connection-lost') {
      await session.execute('ROLLBACK').catch((failed) => error.suppressed.push(failed));
    }
    return error;
  }
}
