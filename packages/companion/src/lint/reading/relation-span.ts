import type { RangeVar } from '../../sql/parser.ts';
import type { LintStatement, Span } from '../migration.ts';

/** Where the relation's name stands, its schema included; null where no token begins at its place. */
export function spanOfRelation(statement: LintStatement, relation: RangeVar): Span | null {
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  const at = statement.offsetOf(relation.location);
  let place = tokens.findIndex(({ start }) => start === at);
  const first = tokens[place];
  if (first === undefined) return null;
  while (tokens[place + 1]?.text === '.' && tokens[place + 2] !== undefined) place += 2;
  return { start: first.start, end: tokens[place]?.end ?? first.end };
}
