import { skipBlank } from './skip-blank.ts';

const LONGEST = 72;

/** The statement in one short line: comments gone, white space folded, cut with `…`. Made for people, not to run. */
export function statementTitle(sql: string): string {
  let title = '';
  let at = skipBlank(sql, 0);
  while (at < sql.length && title.length <= 2 * LONGEST) {
    const afterBlank = skipBlank(sql, at);
    if (afterBlank > at) {
      title += ' ';
      at = afterBlank;
      continue;
    }
    const quoted = endOfQuoted(sql, at);
    title += sql.slice(at, quoted).replace(/\s+/g, ' ');
    at = quoted;
  }
  const characters = [...title.replace(/[\s;]+$/, '').replace(/\p{Cc}/gu, '\ufffd')];
  return characters.length <= LONGEST ? characters.join('') : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

/** The end of the quoted text that starts at `at`, else of the one character there: `--` in a string is no comment. */
function endOfQuoted(sql: string, at: number): number {
  const quote = sql[at];
  const close = quote === "'" || quote === '"' ? sql.indexOf(quote, at + 1) : -1;
  return (close === -1 ? at : close) + 1;
}
