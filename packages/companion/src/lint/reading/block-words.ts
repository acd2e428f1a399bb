import { type ParseNode, type SqlParser, SqlSyntaxError } from '../../sql/parser.ts';

/**
 * The names and keywords in the body of a DO block, comments and texts left out: unquoted ones in lower case, quoted
 * ones without their quotes. Empty for any other statement.
 */
export function blockWords(node: ParseNode, parser: SqlParser): ReadonlySet<string> {
  if (!('DoStmt' in node)) return new Set();
  const body = (node.DoStmt.args ?? [])
    .flatMap((arg) => ('DefElem' in arg && arg.DefElem.defname === 'as' ? [arg.DefElem.arg] : []))
    .flatMap((arg) => (arg !== undefined && 'String' in arg ? [arg.String.sval ?? ''] : []))
    .join('\n');
  try {
    return new Set(
      parser
        .scan(body)
        .filter(({ comment }) => !comment)
        .map(({ text }) =>
          text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase(),
        ),
    );
  } catch (error) {
    if (error instanceof SqlSyntaxError) return new Set();
    throw error;
  }
}
