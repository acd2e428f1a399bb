import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { parseMark, SHADOW_NAMES_LIKE } from './shadow-name.ts';

const CANDIDATES = `SELECT d.datname, pg_catalog.shobj_description(d.oid, 'pg_database') FROM pg_catalog.pg_database d
WHERE d.datname LIKE ${quoteLiteral(SHADOW_NAMES_LIKE)} AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)`;

/**
 * Drops what runs that were killed have left on the server: databases with our name and our mark, whose maker's session
 * is gone, and that nobody is connected to. @returns their names.
 */
export async function dropLeftovers(session: Session): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const [name, comment = null] of await session.query(CANDIDATES)) {
    const mark = parseMark(name ?? '', comment);
    if (name == null || mark === null || (await isAlive(session, mark.pid, mark.backendStart))) continue;
    try {
      await session.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
      dropped.push(name);
    } catch (error) {
      // Somebody came to look at it, or another run drops it at this moment: then it is the next run's affair.
      if (!(error instanceof CompanionError) || error.fields.server === undefined) throw error;
    }
  }
  return dropped;
}

/** When a session of another role began may be hidden: then it counts as the maker. */
async function isAlive(session: Session, pid: number, backendStart: string): Promise<boolean> {
  const sql = `SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = ${pid}
AND coalesce(backend_start::text = ${quoteLiteral(backendStart)}, true)`;
  return (await session.query(sql)).length > 0;
}
