import type { SqlParser } from '../../sql/parser.ts';
import type { Edit } from '../rule.ts';
import { BREAKPOINT, scanBetween } from './take-out.ts';

/** The breakpoint that a place between two statements lacks; null where no semicolon is found there. */
export function breakpointBetween(
  sql: string,
  between: { readonly from: number; readonly to: number },
  parser: SqlParser,
): Edit | null {
  const tokens = scanBetween(sql, between, parser);
  const semicolon = tokens.find(({ text }) => text === ';');
  if (semicolon === undefined) return null;
  const { end } = semicolon;
  const line = sql.slice(end, lineEnd(sql, end));
  if (line.trim() === '') return { start: end, end, text: BREAKPOINT };
  const [follower] = tokens.filter((token) => token.start >= end);
  // A remark at the end of the line stays with its statement.
  if (follower?.comment && follower.text.startsWith('--')) {
    const at = lineEnd(sql, end);
    return { start: at, end: at, text: `${sql[at] === '\r' ? '\r\n' : '\n'}${BREAKPOINT}` };
  }
  // What follows on the same line would become part of the comment that a breakpoint is.
  const blank = line.length - line.trimStart().length;
  return { start: end, end: end + blank, text: `${BREAKPOINT}\n` };
}

function lineEnd(sql: string, from: number): number {
  const found = sql.indexOf('\n', from);
  if (found === -1) return sql.length;
  return sql[found - 1] === '\r' ? found - 1 : found;
}
