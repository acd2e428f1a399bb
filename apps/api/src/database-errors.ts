import { refuse } from './input.ts';

/** drizzle wraps what the driver threw; the code lies on one of the causes. */
function readCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at) return String(at.code);
  }
  return undefined;
}

/** Turns what a constraint refused into the caller's answer; everything else stays what it is. */
export function explainDatabaseError(error: unknown): unknown {
  switch (readCode(error)) {
    case '23505':
      return refuse(409, 'It is there already.');
    case '23503':
      return refuse(400, 'It refers to something that does not exist.');
    default:
      return error;
  }
}

/** The server is not there or is going away: worth another try, and not a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = readCode(error) ?? '';
  return /^(08|57P|53)/.test(code) || /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT|CONNECTION_)/.test(code);
}
