import type { SqlParser, SqlToken } from '../sql/parser.ts';

/** A word of SQL as a name: without quotes; null for what is none. */
export function nameOfToken({ text, comment }: SqlToken): string | null {
  if (comment) return null;
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return /^[\p{L}_]/u.test(text) ? text : null;
}

/** Is it the text of a name, as in `nextval('public.tickets'::regclass)`? */
export function isNameAsText(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at]?.text.startsWith("'") === true && tokens[at + 2]?.text.startsWith('reg') === true;
}

/** The tokens; none of what is no SQL. Bodies of functions are one token, as for PostgreSQL, which does not look into them. Pure. */
export function scanNames(text: string, parser: SqlParser): readonly SqlToken[] {
  try {
    return parser.scan(text);
  } catch {
    return [];
  }
}

/**
 * What is named in SQL that PostgreSQL rendered under an empty search path, where all that is a user's stands with its schema:
 * `["public","users"]` as JSON, and `["public"]`. Pure.
 */
export function mentionsIn(text: string, parser: SqlParser): readonly string[] {
  const tokens = scanNames(text, parser);
  return tokens.flatMap((token, at) => {
    if (isNameAsText(tokens, at)) return mentionsIn(token.text.slice(1, -1).replaceAll("''", "'"), parser);
    const [schema, dot, next] = [nameOfToken(token), tokens[at + 1], tokens[at + 2]];
    const name = next === undefined ? null : nameOfToken(next);
    if (schema === null || dot?.text !== '.' || name === null) return [];
    return [JSON.stringify([schema]), JSON.stringify([schema, name])];
  });
}
