import type { SqlParser, SqlToken } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';
import type { Edit } from '../rule.ts';

export const BREAKPOINT = '--> statement-breakpoint';

/**
 * Takes statements out of their file, each with its semicolon, its breakpoint and its line where nothing else is on it;
 * comments stay. Null where the file does not parse as a whole, so that what stands beside a statement is not known.
 */
export function takeOut(statements: readonly LintStatement[], parser: SqlParser): readonly Edit[] | null {
  if (statements.some(({ nested, migration }) => nested || migration.syntaxFaults.length > 0)) return null;
  let last = 0;
  return statements.map((statement) => {
    const edit = takeOutOne(statement, parser);
    // The last statement takes the breakpoint before it along, which its neighbour may have taken already.
    const start = Math.max(last, edit.start);
    last = edit.end;
    return { ...edit, start };
  });
}

function takeOutOne(statement: LintStatement, parser: SqlParser): Edit {
  const { sql } = statement.migration;
  const { previous, next } = neighbours(statement);
  const behind = scanBetween(sql, { from: statement.end, to: next?.start ?? sql.length }, parser);
  const semicolon = behind.find(({ text }) => text === ';');
  let end = semicolon?.end ?? statement.end;
  const follower = behind.find(({ start }) => start >= end);
  if (follower !== undefined && isBreakpoint(follower) && !sql.slice(end, follower.start).includes('\n'))
    end = follower.end;
  let start = statement.start;
  if (next === undefined) {
    // A breakpoint with nothing behind it would make stock drizzle send an empty query.
    const before = scanBetween(sql, { from: previous?.end ?? 0, to: start }, parser).at(-1);
    if (before !== undefined && isBreakpoint(before)) start = before.start;
  }
  const lineEnd = /^[ \t]*(\r?\n|$)/.exec(sql.slice(end));
  const startsLine = start === 0 || sql[start - 1] === '\n';
  if (lineEnd !== null && startsLine) end += lineEnd[0].length;
  return { start, end, text: '' };
}

/** The statements of a new migration, as drizzle-kit would write them. */
export function joinStatements(statements: readonly LintStatement[]): string {
  return statements.map(({ text }) => `${text};`).join(`${BREAKPOINT}\n`);
}

/** The tokens between two statements: semicolons and comments. */
export function scanBetween(
  sql: string,
  { from, to }: { readonly from: number; readonly to: number },
  parser: SqlParser,
): readonly SqlToken[] {
  return parser
    .scan(sql.slice(from, to))
    .map((token) => ({ ...token, start: token.start + from, end: token.end + from }));
}

export function isBreakpoint({ text }: SqlToken): boolean {
  return text.trimEnd() === BREAKPOINT;
}

function neighbours(statement: LintStatement): {
  readonly previous: LintStatement | undefined;
  readonly next: LintStatement | undefined;
} {
  const outer = statement.migration.statements.filter(({ nested }) => !nested);
  const place = outer.findIndex(({ index }) => index === statement.index);
  return { previous: outer[place - 1], next: outer[place + 1] };
}
