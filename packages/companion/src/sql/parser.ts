import type { Node } from 'libpg-query';

/** A node of PostgreSQL's raw parse tree: `{ IndexStmt: {…} }`, `{ DropStmt: {…} }` … Locations inside are bytes. */
export type ParseNode = Node;

/** One token of PostgreSQL's scanner, comments included, white space not. Offsets are UTF-16, as in `slice`. */
export type SqlToken = {
  readonly start: number;
  readonly end: number;
  /** As it stands in the source. */
  readonly text: string;
  /** The keyword in lower case; null for everything else, quoted identifiers among it. */
  readonly keyword: string | null;
  readonly comment: boolean;
};

/** PostgreSQL's own scanner and grammar. Both throw `SqlSyntaxError` on SQL they refuse, and nothing else. */
export type SqlParser = {
  scan(sql: string): SqlToken[];
  /** The parse tree of each statement, in order. */
  parse(sql: string): ParseNode[];
};

/** The scanner or the grammar refused the SQL. What to make of it is the caller's affair: the server judges. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError';
}

let loading: Promise<SqlParser> | null = null;

/** Loads PostgreSQL's parser (WebAssembly, some 12 ms) at the first call; later calls share it. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<SqlParser> {
  const { loadModule, parseSync, scanSync } = await import('libpg-query');
  await loadModule();
  return {
    scan(sql) {
      if (sql === '') return [];
      const toOffset = byteOffsets(sql);
      return orSyntaxError(() => scanSync(legible(sql))).tokens.map((token) => {
        const start = toOffset(token.start);
        const end = toOffset(token.end);
        const text = sql.slice(start, end);
        return {
          start,
          end,
          text,
          keyword: token.keywordName === 'NO_KEYWORD' ? null : text.toLowerCase(),
          comment: token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT',
        };
      });
    },
    parse(sql) {
      if (sql === '') return [];
      // A NUL would cut the text short in C, and the half before it might parse.
      if (sql.includes('\0')) throw new SqlSyntaxError('NUL character');
      const { stmts = [] } = orSyntaxError(() => parseSync(sql));
      return stmts.flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]));
    },
  };
}

function orSyntaxError<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    // Not SqlError alone: the scanner's refusals arrive as broken JSON, very deep nesting as a RangeError.
    throw new SqlSyntaxError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The same text to the scanner, without the control characters that its JSON answer does not escape. */
function legible(sql: string): string {
  return sql.replace(/[\f\v]/g, ' ').replace(/[^\P{Cc}\t\n\r\u007f-\u009f]/gu, '\x7f');
}

/** UTF-8 byte offsets of `sql` to UTF-16 offsets; must be asked in ascending order. */
function byteOffsets(sql: string): (byte: number) => number {
  let byte = 0;
  let offset = 0;
  return (wanted) => {
    while (byte < wanted && offset < sql.length) {
      const code = sql.codePointAt(offset) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      offset += code < 0x10000 ? 1 : 2;
    }
    return offset;
  };
}
