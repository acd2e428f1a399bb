import type { ParseNode } from '../sql/parser.ts';

/**
 * What acts on all of the server, in words. Null for a statement that stays in its database, and for one that cannot be
 * read. Of a DO block nothing is known. Pure.
 */
export function actOnServer(node: ParseNode | null): string | null {
  if (node === null) return null;
  for (const [name, what] of Object.entries(SERVER_WIDE)) if (name in node) return what;
  if ('GrantStmt' in node) return ofType(node.GrantStmt.objtype, 'GRANT or REVOKE ON');
  if ('RenameStmt' in node) return ofType(node.RenameStmt.renameType, 'RENAME of a');
  if ('AlterOwnerStmt' in node) return ofType(node.AlterOwnerStmt.objectType, 'OWNER TO of a');
  if ('CommentStmt' in node) return ofType(node.CommentStmt.objtype, 'COMMENT ON');
  return null;
}

const SERVER_WIDE: Readonly<Record<string, string>> = {
  CreatedbStmt: 'CREATE DATABASE',
  DropdbStmt: 'DROP DATABASE',
  CreateRoleStmt: 'CREATE ROLE',
  AlterRoleStmt: 'ALTER ROLE',
  AlterRoleSetStmt: 'ALTER ROLE … SET',
  DropRoleStmt: 'DROP ROLE',
  GrantRoleStmt: 'GRANT or REVOKE of a role',
  DropOwnedStmt: 'DROP OWNED',
  ReassignOwnedStmt: 'REASSIGN OWNED',
  AlterSystemStmt: 'ALTER SYSTEM',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
};

const SERVER_OBJECTS: Readonly<Record<string, string>> = {
  OBJECT_DATABASE: 'DATABASE',
  OBJECT_ROLE: 'ROLE',
  OBJECT_TABLESPACE: 'TABLESPACE',
  OBJECT_PARAMETER_ACL: 'PARAMETER',
};

function ofType(type: string | undefined, verb: string): string | null {
  const object = SERVER_OBJECTS[type ?? ''];
  return object === undefined ? null : `${verb} ${object}`;
}
