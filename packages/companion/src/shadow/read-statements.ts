import type { Statement } from '../kernel/place.ts';
import { parseOne } from '../sql/parse-tolerantly.ts';
import type { ParseNode, SqlParser } from '../sql/parser.ts';
import { cutAtBreakpoints, splitStatements } from '../sql/split-statements.ts';

/** A statement of a file; `node` is null where PostgreSQL's grammar refuses it. */
export type ReadStatement = { readonly statement: Statement; readonly node: ParseNode | null };

/** A file's statements, cut at breakpoints first, as both runners cut it. */
export function readStatements(sql: string, parser: SqlParser): readonly ReadStatement[] {
  return cutAtBreakpoints(sql).flatMap((piece) =>
    splitStatements(piece.text, parser).map(({ text, offset }) => ({
      statement: { text, offset: piece.offset + offset },
      node: parseOne(text, parser),
    })),
  );
}
