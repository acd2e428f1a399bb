import type { NodeOf, ParseNode } from '../sql/parser.ts';

/** What a statement does beyond the database it runs in: to all the server, or to another one. */
export type Reach = { readonly to: 'server' | 'elsewhere'; readonly what: string };

/** Null for a statement that stays in its database, and for one that cannot be read. Of a DO block nothing is known. */
export function reachOf(node: ParseNode | null): Reach | null {
  if (node === null) return null;
  if ('CreateSubscriptionStmt' in node) {
    return connects(node.CreateSubscriptionStmt) ? { to: 'elsewhere', what: 'CREATE SUBSCRIPTION' } : null;
  }
  for (const [name, what] of Object.entries(SERVER_WIDE)) if (name in node) return { to: 'server', what };
  if ('GrantStmt' in node) return ofType(node.GrantStmt.objtype, 'GRANT or REVOKE ON');
  if ('RenameStmt' in node) return ofType(node.RenameStmt.renameType, 'RENAME of a');
  if ('AlterOwnerStmt' in node) return ofType(node.AlterOwnerStmt.objectType, 'OWNER TO of a');
  if ('CommentStmt' in node) return ofType(node.CommentStmt.objtype, 'COMMENT ON');
  return null;
}

const SERVER_WIDE: Readonly<Record<string, string>> = {
  CreatedbStmt: 'CREATE DATABASE',
  DropdbStmt: 'DROP DATABASE',
  AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE … SET',
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

function ofType(type: string | undefined, verb: string): Reach | null {
  const object = SERVER_OBJECTS[type ?? ''];
  return object === undefined ? null : { to: 'server', what: `${verb} ${object}` };
}

/** It does, and makes a slot on the publisher, unless it says otherwise. */
function connects({ options = [] }: NodeOf<'CreateSubscriptionStmt'>): boolean {
  return !options.some((option) => {
    const { defname, arg } = 'DefElem' in option ? option.DefElem : {};
    if (defname !== 'connect' || arg === undefined) return false;
    return 'String' in arg ? ['false', 'off'].includes((arg.String.sval ?? '').toLowerCase()) : isZero(arg);
  });
}

function isZero(arg: ParseNode): boolean {
  if ('Boolean' in arg) return arg.Boolean.boolval !== true;
  return 'Integer' in arg && (arg.Integer.ival ?? 0) === 0;
}
