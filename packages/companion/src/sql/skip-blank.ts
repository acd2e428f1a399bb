const LINE_BREAK = /[\n\r]/g;

/**
 * The offset of the first character from `from` on that is neither white space nor in a comment, by
 * PostgreSQL's rules (block comments nest). `from` must not lie inside a string or a comment.
 * A comment that never ends is not skipped: it is an error that the server should tell.
 */
export function skipBlank(sql: string, from: number): number {
  let at = from;
  for (;;) {
    at = skipSpace(sql, at);
    const end = sql.startsWith('--', at) ? endOfLine(sql, at) : endOfBlockComment(sql, at);
    if (end === at) return at;
    at = end;
  }
}

/** White space is what PostgreSQL takes for it: a no-break space, say, is a letter to it. */
export function skipSpace(sql: string, from: number): number {
  let at = from;
  while (isSpace(sql.charCodeAt(at))) at++;
  return at;
}

/** Where the text ends, without the white space after it. */
export function endOfText(sql: string): number {
  let end = sql.length;
  while (end > 0 && isSpace(sql.charCodeAt(end - 1))) end--;
  return end;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function endOfLine(sql: string, from: number): number {
  LINE_BREAK.lastIndex = from;
  return LINE_BREAK.exec(sql)?.index ?? sql.length;
}

/** `from` itself when no block comment starts there, or it does not end. */
function endOfBlockComment(sql: string, from: number): number {
  if (!sql.startsWith('/*', from)) return from;
  let depth = 0;
  for (const mark of sql.slice(from).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return from + mark.index + 2;
  }
  return from;
}
