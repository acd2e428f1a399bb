import type { Node } from 'libpg-query';
import { offsetOfPosition } from './locate.ts';
import { endOfText, skipBlank } from './skip-blank.ts';

/** A node of PostgreSQL's raw parse tree: `{ IndexStmt: {…} }`, `{ DropStmt: {…} }` … Locations inside are bytes. */
export type ParseNode = Node;

/** The names that nodes go by: `IndexStmt`, `AlterTableStmt`. */
export type NodeName = ParseNode extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** What stands inside a node of the given name. */
export type NodeOf<Name extends string> = Extract<ParseNode, Record<Name, unknown>>[Name &
  keyof Extract<ParseNode, Record<Name, unknown>>];

export type { RangeVar, TypeName } from 'libpg-query';

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
  /** As `parse`, with where each statement stands. `bytes` turns a location inside a node into an offset. */
  parseScript(sql: string): { readonly statements: ParsedStatement[]; readonly offsetOf: ByteOffsets };
  /** The static SQL inside the body of a DO block, as it stands there; empty where PL/pgSQL cannot read it. */
  parseBlock(statement: string): string[];
  /** What a DO block or function RAISEs and ASSERTs; empty where PL/pgSQL cannot read it. */
  parseRaises(statement: string): RaisedText[];
};

/** The texts of one RAISE or ASSERT. */
export type RaisedText = {
  /** The format of a RAISE, unquoted, its `%` as they are; null for one that has none. */
  readonly message: string | null;
  /** SQL expressions: the values for the format, those of USING, or the message of an ASSERT. */
  readonly expressions: readonly string[];
};

/** One statement of a script: without the comments before it and the semicolon behind. Offsets are UTF-16. */
export type ParsedStatement = { readonly node: ParseNode; readonly start: number; readonly end: number };

/** UTF-8 byte offsets, as in `location`, to UTF-16 offsets. */
export type ByteOffsets = (byte: number) => number;

/** The scanner or the grammar refused the SQL. What to make of it is the caller's affair: the server judges. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError';
  /** Where, as a UTF-16 offset; null where the refusal names no place. */
  readonly offset: number | null;

  constructor(message: string, { cause, offset = null }: { cause?: unknown; offset?: number | null } = {}) {
    super(message, { cause });
    this.offset = offset;
  }
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
  const { loadModule, parsePlPgSQLSync, parseSync, scanSync } = await import('libpg-query');
  await loadModule();
  return {
    scan(sql) {
      if (sql === '') return [];
      const toOffset = byteOffsets(sql);
      return orSyntaxError(sql, () => scanSync(legible(sql))).tokens.map((token) => {
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
      return parseAll(sql).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]));
    },
    parseScript(sql) {
      const offsetOf = anyByteOffset(sql);
      const statements = parseAll(sql).flatMap(({ stmt, stmt_location = 0, stmt_len }) => {
        if (stmt === undefined) return [];
        const start = skipBlank(sql, offsetOf(stmt_location));
        const end = stmt_len ? offsetOf(stmt_location + stmt_len) : endOfText(sql);
        return [{ node: stmt, start, end: start + endOfText(sql.slice(start, end)) }];
      });
      return { statements, offsetOf };
    },
    parseBlock(statement) {
      try {
        return [...staticQueries(parsePlPgSQLSync(statement))];
      } catch {
        return [];
      }
    },
    parseRaises(statement) {
      try {
        return [...raisedTexts(parsePlPgSQLSync(statement))];
      } catch {
        return [];
      }
    },
  };

  function parseAll(sql: string) {
    if (sql === '') return [];
    // A NUL would cut the text short in C, and the half before it might parse.
    if (sql.includes('\0')) throw new SqlSyntaxError('NUL character', { offset: sql.indexOf('\0') });
    return orSyntaxError(sql, () => parseSync(sql)).stmts ?? [];
  }
}

/** PL/pgSQL's own tree has no types here: every statement that it hands to the server stands under `sqlstmt`. */
function* staticQueries(tree: unknown): Generator<string> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    const query = key === 'sqlstmt' ? value?.PLpgSQL_expr?.query : undefined;
    if (typeof query === 'string') yield query;
    else yield* staticQueries(value);
  }
}

function* raisedTexts(tree: unknown): Generator<RaisedText> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === 'PLpgSQL_stmt_raise') {
      yield {
        message: value.message ?? null,
        expressions: [...expressionsIn([value.params, value.options])],
      };
    } else if (key === 'PLpgSQL_stmt_assert') {
      yield { message: null, expressions: [...expressionsIn(value.message)] };
    } else yield* raisedTexts(value);
  }
}

function* expressionsIn(tree: unknown): Generator<string> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === 'PLpgSQL_expr' && typeof value.query === 'string') yield value.query;
    else yield* expressionsIn(value);
  }
}

function orSyntaxError<T>(sql: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    // Not SqlError alone: the scanner's refusals arrive as broken JSON, very deep nesting as a RangeError.
    const { message = String(cause), sqlDetails } = cause as {
      message?: string;
      sqlDetails?: { cursorPosition: number };
    };
    const position = sqlDetails?.cursorPosition ?? -1;
    const offset = position < 0 ? null : offsetOfPosition(sql, position + 1);
    throw new SqlSyntaxError(message, { cause, offset });
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

/** As `byteOffsets`, in any order. */
function anyByteOffset(sql: string): ByteOffsets {
  if (Buffer.byteLength(sql) === sql.length) return (byte) => byte;
  const bytes = Buffer.from(sql);
  return (byte) => bytes.toString('utf8', 0, byte).length;
}
