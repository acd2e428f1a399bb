import type { SqlParser } from '../sql/parser.ts';
import type { LintStatement } from './migration.ts';

/**
 * The statement as its rewrite can be written: one inside a DO block has the block's place and tokens, and is given
 * its own here, counted from the start of its text.
 */
export function standalone(statement: LintStatement, parser: SqlParser): LintStatement {
  if (!statement.nested) return statement;
  const { text } = statement;
  return {
    ...statement,
    start: 0,
    end: text.length,
    offsetOf: (location) => location ?? 0,
    tokens: () => parser.scan(text),
  };
}
