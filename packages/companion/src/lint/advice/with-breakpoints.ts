import type { Rewrite } from '../../kernel/finding.ts';
import { type SqlParser, SqlSyntaxError } from '../../sql/parser.ts';
import type { Edit } from '../rule.ts';
import { breakpointBetween } from './breakpoint-between.ts';
import { applyEdits } from './edits.ts';
import { BREAKPOINT } from './take-out.ts';

/** Titles of what is pasted elsewhere than into a migration begin so. */
const OUTSIDE = ['in batches', 'by hand'];

/** Sets the statements of a rewrite apart as drizzle-kit does; those that stand apart already stay as they are. */
export function withBreakpoints(rewrite: Rewrite, parser: SqlParser): Rewrite {
  const { title = '', sql } = rewrite;
  const isLone = sql.indexOf(';') === sql.length - 1;
  if (isLone || OUTSIDE.some((start) => title.startsWith(start))) return rewrite;
  return { ...rewrite, sql: applyEdits(sql, breakpointsIn(sql, parser)) };
}

function breakpointsIn(sql: string, parser: SqlParser): readonly Edit[] {
  try {
    const { statements } = parser.parseScript(sql);
    return statements.slice(1).flatMap(({ start }, place) => {
      const from = statements[place]?.end ?? 0;
      if (sql.slice(from, start).includes(BREAKPOINT)) return [];
      return breakpointBetween(sql, { from, to: start }, parser) ?? [];
    });
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}
