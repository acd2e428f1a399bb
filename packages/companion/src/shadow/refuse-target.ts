import { openSession, type Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';

/** Which database of which cluster a session is in. */
type Place = { readonly cluster: string | null; readonly oid: string; readonly name: string };

/** What a role may not ask is not known; then the moment the server started stands for the cluster. */
const PLACE = `SELECT oid::text, datname::text FROM pg_catalog.pg_database WHERE datname = current_database()`;
const CLUSTER = `SELECT system_identifier::text FROM pg_catalog.pg_control_system()`;
const STARTED = `SELECT pg_catalog.pg_postmaster_start_time()::text`;

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
    if (shadow.oid !== real.oid || shadow.name !== real.name || shadow.cluster !== real.cluster) return;
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

async function placeOf(session: Session): Promise<Place> {
  const [row] = await session.query(PLACE);
  const cluster = await session.query(CLUSTER).catch(() => session.query(STARTED));
  return { cluster: cluster[0]?.[0] ?? null, oid: row?.[0] ?? '', name: row?.[1] ?? '' };
}
