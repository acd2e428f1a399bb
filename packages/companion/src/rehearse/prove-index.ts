import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { NodeOf, ParseNode, SqlParser } from '../sql/parser.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../sql/quote.ts';
import { buildStandIn } from './stand-in.ts';

type Executor = Pick<Session, 'query' | 'execute'>;

const SAVEPOINT = 'drizzle_companion_proof';

/**
 * Tries what can be tried of an index statement that is left out: that what it names is there, and that such an index can
 * be made, on an empty table with the same columns. Builds nothing, and leaves nothing.
 * @throws CompanionError as PostgreSQL would refuse the statement.
 */
export async function proveIndex(
  session: Executor,
  { node, text }: { readonly node: ParseNode; readonly text: string },
  parser: SqlParser,
): Promise<void> {
  if ('IndexStmt' in node) return proveNew(session, node.IndexStmt, text, parser);
  if ('ReindexStmt' in node) {
    const { relation } = node.ReindexStmt;
    if (relation?.relname) await refuseMissing(session, nameOf(relation), 'relation', '42P01');
  }
  if ('DropStmt' in node && !node.DropStmt.missing_ok) {
    for (const object of node.DropStmt.objects ?? []) {
      const items = 'List' in object ? (object.List.items ?? []) : [];
      const path = items.flatMap((item) => ('String' in item && item.String.sval ? [item.String.sval] : []));
      if (path.length > 0) await refuseMissing(session, path, 'index', '42704');
    }
  }
}

async function proveNew(
  session: Executor,
  { relation, idxname = '', if_not_exists }: NodeOf<'IndexStmt'>,
  text: string,
  parser: SqlParser,
): Promise<void> {
  if (!relation?.relname) return;
  await refuseMissing(session, nameOf(relation), 'relation', '42P01');
  const table = quoteQualified(relation.schemaname || null, relation.relname);
  // One that a broken build has left INVALID goes before the statement runs again.
  const [namesake] = await session.query(`SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_class t ON t.relnamespace = c.relnamespace AND t.oid = pg_catalog.to_regclass(${quoteLiteral(table)})
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE c.relname = ${quoteLiteral(idxname)} AND i.indisvalid IS NOT FALSE`);
  if (namesake !== undefined) {
    if (if_not_exists) return;
    throw refusal('42P07', `relation "${idxname}" already exists`);
  }
  const standIn = buildStandIn(text, `pg_temp.${quoteIdentifier(relation.relname)}`, parser);
  if (standIn === null) return;
  const copy = `CREATE TABLE pg_temp.${quoteIdentifier(relation.relname)} (LIKE ${table})`;
  await session.execute(`SAVEPOINT ${SAVEPOINT}`);
  // Who may not make temporary tables learns less.
  const failed = (await attempt(session, copy)) === null ? await attempt(session, standIn.sql) : null;
  await session.execute(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}; RELEASE SAVEPOINT ${SAVEPOINT}`);
  const server = failed?.fields.server;
  // Of what the statement says. Rights, room and the like are others on a temporary table.
  if (failed === null || !server?.sqlstate.startsWith('42') || server.sqlstate === '42501') return;
  const { position, ...said } = server;
  throw failed.with({
    server: { ...said, ...(position !== undefined && { position: standIn.positionOf(position) }) },
  });
}

/** What the server has against it; null for nothing. An interruption and a lost session are thrown. */
async function attempt(session: Executor, sql: string): Promise<CompanionError | null> {
  try {
    await session.execute(sql);
    return null;
  } catch (error) {
    const server = error instanceof CompanionError ? error.fields.server : undefined;
    if (server === undefined || server.sqlstate.startsWith('57')) throw error;
    return error as CompanionError;
  }
}

async function refuseMissing(
  session: Executor,
  path: readonly string[],
  what: 'relation' | 'index',
  sqlstate: string,
): Promise<void> {
  const name = quoteLiteral(path.map(quoteIdentifier).join('.'));
  const [[oid] = []] = await session.query(`SELECT pg_catalog.to_regclass(${name})::oid::text`);
  const said = what === 'index' ? path.at(-1) : path.join('.');
  if (oid == null) throw refusal(sqlstate, `${what} "${said}" does not exist`);
}

function nameOf({ schemaname, relname = '' }: { readonly schemaname?: string; readonly relname?: string }) {
  return schemaname ? [schemaname, relname] : [relname];
}

/** In PostgreSQL's words. */
function refusal(sqlstate: string, message: string): CompanionError {
  return new CompanionError('query-failed', { message, server: { sqlstate, severity: 'ERROR', message } });
}
