import { parseOne } from '../sql/parse-tolerantly.ts';
import type { ParseNode, SqlParser } from '../sql/parser.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { readStatements } from './read-statements.ts';

/**
 * A database has settings, privileges, an owner and a comment of its own. None of them is in a catalog of ours, and the
 * database that a migration names for them is never the shadow: such statements are left out on shadows.
 */
const SUSPECT = /\bdatabase\b/i;

/** The database that the statement is about; null for a statement about anything else. Pure. */
export function databaseOf(sql: string, parser: SqlParser): string | null {
  return SUSPECT.test(sql) ? nameIn(parseOne(sql, parser)) : null;
}

/** The SQL with blanks where such statements stand: all else keeps its place. Pure. */
export function leaveOutDatabases(sql: string, parser: SqlParser): string {
  if (!SUSPECT.test(sql)) return sql;
  let rest = sql;
  for (const { statement, node } of readStatements(sql, parser)) {
    if (nameIn(node) === null) continue;
    const { text, offset } = statement;
    // A comment before it may be a directive for all of the file.
    const start = skipBlank(text, 0);
    const blank = text.slice(start).replace(/[^\n]/g, ' ');
    rest = rest.slice(0, offset + start) + blank + rest.slice(offset + text.length);
  }
  return rest;
}

function nameIn(node: ParseNode | null): string | null {
  if (node === null) return null;
  if ('AlterDatabaseSetStmt' in node) return node.AlterDatabaseSetStmt.dbname ?? '';
  if ('AlterDatabaseStmt' in node) return node.AlterDatabaseStmt.dbname ?? '';
  if ('AlterDatabaseRefreshCollStmt' in node) return node.AlterDatabaseRefreshCollStmt.dbname ?? '';
  if ('GrantStmt' in node) return ofType(node.GrantStmt.objtype, node.GrantStmt.objects);
  if ('AlterOwnerStmt' in node) return ofType(node.AlterOwnerStmt.objectType, [node.AlterOwnerStmt.object]);
  if ('CommentStmt' in node) return ofType(node.CommentStmt.objtype, [node.CommentStmt.object]);
  if ('SecLabelStmt' in node) return ofType(node.SecLabelStmt.objtype, [node.SecLabelStmt.object]);
  return null;
}

function ofType(type: string | undefined, objects: readonly (ParseNode | undefined)[] = []): string | null {
  if (type !== 'OBJECT_DATABASE') return null;
  return objects
    .flatMap((object) => (object !== undefined && 'String' in object ? (object.String.sval ?? '') : []))
    .join(', ');
}
