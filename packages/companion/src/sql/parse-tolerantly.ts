import { type ParseNode, type SqlParser, SqlSyntaxError } from './parser.ts';

/** The trees of the statements; none where PostgreSQL's grammar, as we have it, refuses the SQL. Pure. */
export function parseTolerantly(sql: string, parser: SqlParser): readonly ParseNode[] {
  try {
    return parser.parse(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}

/** The tree of one statement; null likewise. Pure. */
export function parseOne(sql: string, parser: SqlParser): ParseNode | null {
  return parseTolerantly(sql, parser)[0] ?? null;
}
