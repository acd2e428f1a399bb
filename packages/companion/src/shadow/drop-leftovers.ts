import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { dropShadow, inShadow } from './drop-shadow.ts';
import { parseMark, SHADOW_NAMES_LIKE, type ShadowMark, timeOfName } from './shadow-name.ts';

const CANDIDATES = `SELECT d.datname::text, pg_catalog.shobj_description(d.oid, 'pg_database'),
  (d.datdba = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user))::text
FROM pg_catalog.pg_database d
WHERE d.datname LIKE ${quoteLiteral(SHADOW_NAMES_LIKE)} AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)`;

/** No run takes that long between making a database and marking it. */
const UNMARKED_MS = 600_000;

/**
 * Drops what runs that were killed have left on the server: databases with our name and our mark, whose maker's session
 * is gone, and that nobody is connected to. One that a run had no time to mark goes when it is the role's own, ten minutes
 * old by its name, and as empty as it was made. @returns their names.
 */
export async function dropLeftovers(holder: Session, url: string): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const [name, comment = null, isOwn] of await holder.query(CANDIDATES)) {
    if (name == null) continue;
    const mark = parseMark(name, comment);
    try {
      const isLeft =
        mark === null
          ? comment === null && isOwn === 'true' && isOld(name) && (await inShadow(url, name, isEmpty))
          : !(await isAlive(holder, mark));
      if (!isLeft) continue;
      // Without force: somebody may come to look at it.
      await dropShadow({ holder, url, name }, { force: false });
      dropped.push(name);
    } catch (error) {
      // They came, or another run drops it at this moment, or it lets nobody in: then it is the next run's affair.
      if (!(error instanceof CompanionError) || error.fields.server === undefined) throw error;
    }
  }
  return dropped;
}

/** When a session of another role began may be hidden: then it counts as the maker. */
async function isAlive(holder: Session, { pid, backendStart }: ShadowMark): Promise<boolean> {
  const sql = `SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = ${pid}
AND coalesce(extract(epoch FROM backend_start)::text = ${quoteLiteral(backendStart)}, true)`;
  return (await holder.query(sql)).length > 0;
}

function isOld(name: string): boolean {
  const time = timeOfName(name);
  return time !== null && time < Date.now() - UNMARKED_MS;
}

/** What a user makes has a number above those of the template. */
const FIRST_NUMBER = 16_384;
const MADE = ['pg_class', 'pg_namespace', 'pg_type', 'pg_proc', 'pg_extension', 'pg_largeobject_metadata']
  .map((table) => `SELECT oid FROM pg_catalog.${table} WHERE oid >= ${FIRST_NUMBER}`)
  .join(' UNION ALL ');

async function isEmpty(session: Session): Promise<boolean> {
  return (await session.query(`SELECT 1 FROM (${MADE}) made LIMIT 1`)).length === 0;
}
