import type { Statement } from '../kernel/place.ts';
import { type ParseNode, type SqlParser, SqlSyntaxError } from '../sql/parser.ts';
import { cutAtBreakpoints, splitStatements } from '../sql/split-statements.ts';

/** A statement of a file; `node` is null where PostgreSQL's grammar refuses it. */
export type ReadStatement = { readonly statement: Statement; readonly node: ParseNode | null };

/** A file's statements, cut at breakpoints first, as both runners cut it. */
export function readStatements(sql: string, parser: SqlParser): readonly ReadStatement[] {
  return cutAtBreakpoints(sql).flatMap((piece) =>
    splitStatements(piece.text, parser).map(({ text, offset }) => ({
      statement: { text, offset: piece.offset + offset },
      node: tryParse(text, parser),
    })),
  );
}

/** Null for what PostgreSQL's grammar refuses. */
export function tryParse(sql: string, parser: SqlParser): ParseNode | null {
  try {
    return parser.parse(sql)[0] ?? null;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}
