import type { ServerError } from '../kernel/errors.ts';
import type { ParseNode } from '../sql/parser.ts';
import type { Missing } from './missing-after.ts';
import { namesIn } from './names-in.ts';
import { subtrees } from './subtrees.ts';

/** undefined table, column, object, function, schema, database */
const UNDEFINED = new Set(['42P01', '42703', '42704', '42883', '3F000', '3D000']);
/** duplicate table, column, object, function, schema, database */
const DUPLICATE = new Set(['42P07', '42701', '42710', '42723', '42P06', '42P04']);
/** invalid foreign key; invalid column reference, of ON CONFLICT */
const WITHOUT_KEY = new Set(['42830', '42P10']);
/** wrong object type, invalid table or object definition, not in the state that is needed */
const OF_PARTITION = new Set(['42809', '42P16', '42P17', '55000']);
/** unique violation */
const DUPLICATE_KEY = '23505';
const SEQUENCE_EXHAUSTED = '2200H';

/**
 * Can the error come from it that this one thing is missing? The server's fields tell, then what it names, then what the
 * statement names. @param node of the statement that failed; null for a COMMIT. Pure.
 */
export function follows(server: ServerError, missing: Missing, node: ParseNode | null): boolean {
  const { sqlstate, message, detail = '', table, constraint } = server;
  const isAbout = (relation: string) => table === relation || relationsIn(node).has(relation);
  switch (missing.kind) {
    case 'made':
      if (!UNDEFINED.has(sqlstate) || !namesIn(message, missing.name, missing.as)) return false;
      return missing.columnOf === undefined || isAbout(missing.columnOf);
    case 'gone':
      if (constraint === missing.name) return true;
      if (!DUPLICATE.has(sqlstate) || !namesIn(message, missing.name)) return false;
      return missing.columnOf === undefined || isAbout(missing.columnOf);
    case 'key':
      return (WITHOUT_KEY.has(sqlstate) || wantsKey(sqlstate, node)) && isAbout(missing.table);
    case 'rows':
      if (!sqlstate.startsWith('23')) return false;
      return missing.table === null || isAbout(missing.table) || namesIn(detail, missing.table);
    case 'detached':
      // A row that the partition does not take: no constraint has its name in the error.
      if (sqlstate === '23514') return table === missing.partition && constraint === undefined;
      if (!OF_PARTITION.has(sqlstate)) return false;
      return isAbout(missing.partition) || namesIn(message, missing.partition);
    case 'position':
      return sqlstate === SEQUENCE_EXHAUSTED || (sqlstate === DUPLICATE_KEY && insertsRows(node));
  }
}

function wantsKey(sqlstate: string, node: ParseNode | null): boolean {
  return sqlstate === '55000' && node !== null && 'RefreshMatViewStmt' in node;
}

/** What builds an index, or changes rows that are there, draws no value. */
function insertsRows(node: ParseNode | null): boolean {
  return node !== null && !('IndexStmt' in node || 'AlterTableStmt' in node || 'UpdateStmt' in node);
}

function relationsIn(node: ParseNode | null): ReadonlySet<unknown> {
  return new Set(subtrees(node).map(({ relname }) => relname));
}
