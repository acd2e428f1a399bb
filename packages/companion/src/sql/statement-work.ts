import { parseOne } from './parse-tolerantly.ts';
import type { NodeName, SqlParser } from './parser.ts';

/**
 * What a statement is about. `definition`: what rows may be, so that those that are there must suit it. `unknown`: a block
 * or a call, which may do anything, and what our parser cannot read.
 */
export type StatementWork = 'definition' | 'insert' | 'update' | 'delete' | 'unknown';

export function readStatementWork(sql: string, parser: SqlParser): StatementWork {
  const [name] = Object.keys(parseOne(sql, parser) ?? {});
  return WORK[name as NodeName] ?? 'unknown';
}

const WORK: { readonly [Name in NodeName]?: StatementWork } = {
  AlterTableStmt: 'definition',
  AlterDomainStmt: 'definition',
  IndexStmt: 'definition',
  ReindexStmt: 'definition',
  CreateStmt: 'definition',
  RefreshMatViewStmt: 'definition',
  InsertStmt: 'insert',
  CopyStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  TruncateStmt: 'delete',
};
