/**
 * True when a text certainly ends outside of strings, quoted names and comments, so that another statement may follow it in
 * one message without being swallowed. It knows the plain forms only, and says false where it would have to guess: at
 * dollar quotes, backslashes and block comments.
 */
export function endsClean(sql: string): boolean {
  for (let at = 0; at < sql.length; at += 1) {
    const char = sql[at];
    if (char === '$' || char === '\\' || sql.startsWith('/*', at)) return false;
    if (char === "'" || char === '"') {
      at = sql.indexOf(char, at + 1);
      if (at === -1) return false;
    } else if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at);
      // A line end of ours follows.
      if (end === -1) return true;
      at = end;
    }
  }
  return true;
}
