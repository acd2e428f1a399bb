import type { SqlParser } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';

/**
 * The statement as its rewrite can be written: one inside a DO block has the block's place and tokens, and is given
 * its own here, counted from the start of its text.
 */
export function standalone(statement: LintStatement, parser: SqlParser): LintStatement {
  if (!statement.nested) return statement;
  const { text } = statement;
  let script: ReturnType<SqlParser['parseScript']> | null = null;
  return {
    ...statement,
    start: 0,
    end: text.length,
    // Locations count bytes.
    offsetOf(location) {
      if (location === undefined) return 0;
      script ??= parser.parseScript(text);
      return script.offsetOf(location);
    },
    tokens: () => parser.scan(text),
  };
}
