import { CompanionError } from '../kernel/errors.ts';
import type { Session } from './session.ts';

/**
 * Refuses a transaction pooler: behind one, each transaction may run in another server process, so that a session lock
 * protects nothing and settings leak into other people's sessions. Throws `pooler-refused`.
 *
 * A pooler invents the process id of its handshake, so a direct connection costs nothing to tell. Behind one, two of
 * our connections that are open at once yet share one server process prove that it hands processes out per
 * transaction; the address that hosted poolers are known by counts as proof, too. A session pooler passes: it keeps
 * the process, and each step checks that.
 */
export async function refusePooler(session: Session): Promise<void> {
  const { pid, handshakePid, identity } = session.facts;
  if (pid === handshakePid) return;
  const known = isKnownPoolerAddress(identity.host, identity.port);
  const [row] = known ? [] : await session.aside('SELECT pg_backend_pid()::text');
  if (!known && Number(row?.[0]) !== pid) return;
  throw new CompanionError('pooler-refused', {
    message: `${identity.host}:${identity.port} is a transaction pooler (PgBouncer, Supavisor or the like), and migrations need one server process from lock to commit.`,
    hint: 'Put the URL of the direct (unpooled) connection into MIGRATION_DATABASE_URL, DIRECT_URL or DATABASE_URL_UNPOOLED, or pass it with --url. The application may keep the pooled one.',
  });
}

function isKnownPoolerAddress(host: string, port: number): boolean {
  return port === 6543 || /-pooler\./.test(host);
}
