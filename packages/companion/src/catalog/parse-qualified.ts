import type { SqlParser } from '../sql/parser.ts';

/** `public."Users".id, public.posts` to the names in each, unquoted; nothing for what is no list of names. Pure. */
export function parseQualified(text: string | undefined, parser: SqlParser): readonly (readonly string[])[] {
  if (text === undefined) return [];
  const [statement] = parser.parse(`SELECT ${text}`);
  if (statement === undefined || !('SelectStmt' in statement)) return [];
  return (statement.SelectStmt.targetList ?? []).flatMap((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    if (value === undefined || !('ColumnRef' in value)) return [];
    return [
      (value.ColumnRef.fields ?? []).flatMap((field) => ('String' in field ? [field.String.sval ?? ''] : [])),
    ];
  });
}
