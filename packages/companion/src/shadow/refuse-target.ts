import { openSession, type Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';

/** Which database of which cluster a session is in. */
type Place = {
  /** Null where the role may not ask. */
  readonly cluster: string | null;
  /** When the server started: of two sessions it tells the same, where not both may ask for the cluster. */
  readonly started: string;
  readonly oid: string;
  readonly name: string;
};

const PLACE = `SELECT oid::text, datname::text, extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text
FROM pg_catalog.pg_database WHERE datname = current_database()`;
const CLUSTER = `SELECT system_identifier::text FROM pg_catalog.pg_control_system()`;

/**
 * Refuses a shadow server whose URL leads into the target database, whatever the URLs look like. Another database of
 * the same server is a good place for shadows. Nothing is written on either side.
 * @throws CompanionError `shadow-refused`.
 */
export async function refuseTarget(
  session: Session,
  target: DatabaseOption,
  signal: AbortSignal | undefined,
): Promise<void> {
  const other = await openTarget(target, signal);
  if (other === null) return;
  try {
    const [shadow, real] = [await placeOf(session), await placeOf(other)];
    if (!isSame(shadow, real)) return;
  } finally {
    await other.close();
  }
  const { host, port, name } = session.facts.identity;
  throw new CompanionError('shadow-refused', {
    message: `The shadow URL leads to the database ${name} (${host}:${port}), which is the target itself.`,
    hint: 'Name another database of a server on which databases may be made and dropped, "postgres" for one; or let PGlite be the shadow.',
  });
}

/** Null for a target that cannot be reached: what we cannot reach, the shadow's session is not in. */
async function openTarget(target: DatabaseOption, signal: AbortSignal | undefined): Promise<Session | null> {
  try {
    return await openSession(target, 0, signal, () => undefined);
  } catch (error) {
    if (error instanceof CompanionError && error.exitCode === 6) return null;
    throw error;
  }
}

function isSame(one: Place, other: Place): boolean {
  if (one.oid !== other.oid || one.name !== other.name) return false;
  return one.cluster === null || other.cluster === null
    ? one.started === other.started
    : one.cluster === other.cluster;
}

async function placeOf(session: Session): Promise<Place> {
  const [[oid, name, started] = []] = await session.query(PLACE);
  const [[cluster = null] = []] = await session.query(CLUSTER).catch(() => []);
  return { cluster, started: started ?? '', oid: oid ?? '', name: name ?? '' };
}
