import { type ParseNode, type SqlParser, SqlSyntaxError } from '../sql/parser.ts';

/** The tree of one statement; null where our parser cannot read it. */
export function parseOne(sql: string, parser: SqlParser): ParseNode | null {
  try {
    return parser.parse(sql)[0] ?? null;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}
