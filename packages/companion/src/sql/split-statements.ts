import type { Statement } from '../kernel/place.ts';
import { type SqlParser, SqlSyntaxError, type SqlToken } from './parser.ts';
import { endOfText, skipBlank, skipSpace } from './skip-blank.ts';

const BREAKPOINT = '--> statement-breakpoint';

/** Characters that are scanned again and again, at most, to split a text that does not scan as a whole. */
const RESCAN_BUDGET = 4_000_000;

/** The pieces between drizzle's breakpoints, cut where stock drizzle cuts; white space alone is no piece. */
export function cutAtBreakpoints(sql: string): Statement[] {
  const pieces: Statement[] = [];
  for (let start = 0; start <= sql.length; ) {
    const found = sql.indexOf(BREAKPOINT, start);
    const end = found === -1 ? sql.length : found;
    const piece = sql.slice(start, end);
    const text = piece.trim();
    if (text !== '') pieces.push({ text, offset: start + piece.indexOf(text) });
    start = end + BREAKPOINT.length;
  }
  return pieces;
}

/** The pieces between drizzle's breakpoints that hold something to run, as they are sent by stock drizzle. */
export function splitAtBreakpoints(sql: string): Statement[] {
  return cutAtBreakpoints(sql).filter(({ text }) => {
    const code = skipBlank(text, 0);
    return code < text.length && text.slice(code) !== ';';
  });
}

/**
 * False only when every piece between breakpoints is certainly one statement, and the file certainly holds
 * no transaction control, nothing that PostgreSQL refuses in a transaction, no COPY and no directive: then the parser
 * need not be loaded. Most files that drizzle-kit writes are of that kind.
 */
export function needsParser(sql: string): boolean {
  if (/concurrently|drizzle-companion/i.test(sql)) return true;
  return cutAtBreakpoints(sql).some(({ text }) => {
    const semicolon = text.indexOf(';');
    return (semicolon !== -1 && semicolon < text.length - 1) || startsSpecially(text);
  });
}

/** What a special statement begins with; `concurrently` alone can stand further in. */
const SPECIAL =
  /^(abort|begin|cluster|commit|copy|discard|end|reindex|rollback|start|vacuum|(alter|create|drop) (database|subscription|system|tablespace))/;

function startsSpecially(statement: string): boolean {
  const first = wordAt(statement, skipBlank(statement, 0));
  const second = wordAt(statement, skipBlank(statement, first.end));
  return SPECIAL.test(`${first.word} ${second.word}`);
}

function wordAt(sql: string, at: number): { word: string; end: number } {
  const word = /^[a-z]*/i.exec(sql.slice(at, at + 20))?.[0] ?? '';
  return { word: word.toLowerCase(), end: at + word.length };
}

/** Splits where PostgreSQL ends a statement. `text` keeps leading comments and the semicolon. */
export function splitStatements(sql: string, parser: SqlParser): Statement[] {
  return splitTokens(sql, scanTolerantly(sql, parser));
}

/** As `splitStatements`, from tokens that were scanned before. */
export function splitTokens(sql: string, tokens: readonly SqlToken[]): Statement[] {
  const statements: Statement[] = [];
  let first: SqlToken | null = null;
  let code: SqlToken[] = [];
  let parentheses = 0;
  let blocks = 0;
  for (const token of tokens) {
    first ??= token;
    if (token.comment) continue;
    if (token.text === ';' && parentheses === 0 && blocks === 0) {
      if (code.length > 0) statements.push({ text: sql.slice(first.start, token.end), offset: first.start });
      first = null;
      code = [];
      continue;
    }
    if (token.text === '(') parentheses++;
    else if (token.text === ')') parentheses = Math.max(0, parentheses - 1);
    else if (parentheses === 0) blocks = blocksAfter(token, code, blocks);
    code.push(token);
  }
  // Tokens stop early only where the scanner gave up: what is left is one statement, for the server to judge.
  const scanned = tokens.at(-1)?.end ?? 0;
  const end = endOfText(sql);
  if (code.length > 0 || skipBlank(sql, scanned) < end) {
    const start = first?.start ?? skipSpace(sql, scanned);
    statements.push({ text: sql.slice(start, end), offset: start });
  }
  return statements;
}

/** Depth of BEGIN ATOMIC and CASE after `token`; `code` is what stands before it in the statement. */
function blocksAfter(token: SqlToken, code: readonly SqlToken[], blocks: number): number {
  const before = code.at(-1);
  // `x.end` and `AS end` are names.
  if (before?.text === '.' || before?.keyword === 'as') return blocks;
  if (token.keyword === 'atomic')
    return before?.keyword === 'begin' && makesRoutine(code) ? blocks + 1 : blocks;
  if (token.keyword === 'case') return blocks > 0 ? blocks + 1 : 0;
  if (token.keyword === 'end') return Math.max(0, blocks - 1);
  return blocks;
}

function makesRoutine(code: readonly SqlToken[]): boolean {
  const head = code.slice(0, 4).map((token) => token.keyword ?? '');
  return /^create (or replace )?(function|procedure)\b/.test(head.join(' '));
}

/** The tokens of `sql`, or, where it does not scan, those of the statements before the fault. */
export function scanTolerantly(sql: string, parser: SqlParser): SqlToken[] {
  const whole = tryScan(sql, parser);
  if (whole !== null) return whole;
  const tokens: SqlToken[] = [];
  let start = 0;
  let budget = RESCAN_BUDGET;
  for (let at = sql.indexOf(';'); at !== -1 && budget > 0; at = sql.indexOf(';', at + 1)) {
    budget -= at - start;
    const scanned = tryScan(sql.slice(start, at + 1), parser);
    // A semicolon that ends a line comment is inside it: only a token of its own is a safe place to cut.
    if (scanned?.at(-1)?.text !== ';') continue;
    for (const token of scanned)
      tokens.push({ ...token, start: token.start + start, end: token.end + start });
    start = at + 1;
  }
  return tokens;
}

function tryScan(sql: string, parser: SqlParser): SqlToken[] | null {
  try {
    return parser.scan(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}
