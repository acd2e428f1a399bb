import type { LintStatement } from '../migration.ts';
import type { Edit } from '../rule.ts';

/** Takes CONCURRENTLY out of the statement; null where the word does not stand there. */
export function withoutConcurrently(statement: LintStatement): Edit | null {
  const token = statement.tokens().find(({ keyword }) => keyword === 'concurrently');
  if (token === undefined) return null;
  const before = statement.text[token.start - statement.start - 1] ?? '';
  return { start: before === ' ' ? token.start - 1 : token.start, end: token.end, text: '' };
}
