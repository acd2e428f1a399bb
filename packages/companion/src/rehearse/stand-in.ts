import type { SqlParser } from '../sql/parser.ts';
import { scanTolerantly } from '../sql/split-statements.ts';

export type StandIn = {
  readonly sql: string;
  /** Where a position in `sql`, as PostgreSQL counts, is in the statement. */
  readonly positionOf: (position: number) => number;
};

/**
 * A CREATE INDEX with another table in the place of its own, and without CONCURRENTLY; null where it cannot be told where
 * these stand. Pure.
 */
export function buildStandIn(text: string, table: string, parser: SqlParser): StandIn | null {
  const { statements, offsetOf } = parser.parseScript(text);
  const [{ node } = { node: null }] = statements;
  const relation = node !== null && 'IndexStmt' in node ? node.IndexStmt.relation : undefined;
  const tokens = scanTolerantly(text, parser).filter(({ comment }) => !comment);
  const [word, ...others] = tokens.filter(({ keyword }) => keyword === 'concurrently');
  if (relation?.location === undefined || word === undefined || others.length > 0) return null;
  const start = offsetOf(relation.location);
  let last = tokens.findIndex((token) => token.start === start);
  while (tokens[last + 1]?.text === '.') last += 2;
  const end = tokens[last]?.end;
  if (end === undefined) return null;
  const before = text.slice(0, word.start) + ' '.repeat(word.end - word.start) + text.slice(word.end, start);
  const longer = [...table].length - [...text.slice(start, end)].length;
  const afterTable = [...before, ...table].length;
  return {
    sql: `${before}${table}${text.slice(end)}`,
    positionOf: (position) => (position > afterTable ? position - longer : position),
  };
}
