import { openSession, type Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { withDatabase } from './with-database.ts';

export type ShadowPlace = {
  /** A session in another database of the server. */
  readonly holder: Session;
  /** The server's, as the user named it. */
  readonly url: string;
  readonly name: string;
};

/** PostgreSQL drops no database that has a subscription or a prepared transaction, whatever FORCE says. */
const IN_USE = '55006';

/** Drops a shadow database, and with `force` whoever is connected to it; first what would keep it from being dropped. */
export async function dropShadow(
  { holder, url, name }: ShadowPlace,
  { force }: { readonly force: boolean },
): Promise<void> {
  const drop = () =>
    holder.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}${force ? ' WITH (FORCE)' : ''}`);
  try {
    await drop();
  } catch (error) {
    if (!(error instanceof CompanionError) || error.fields.server?.sqlstate !== IN_USE) throw error;
    await inShadow(url, name, release);
    await drop();
  }
}

/** Runs `use` in a session inside of the shadow. */
export async function inShadow<T>(
  url: string,
  name: string,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession({ url: withDatabase(url, name) }, 0, undefined, () => undefined);
  return use(session).finally(session.close);
}

const PREPARED = 'SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()';
const SUBSCRIPTIONS = `SELECT s.subname::text FROM pg_catalog.pg_subscription s
JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()`;

/** A subscription would ask its publisher to drop the slot, unless it has none. */
async function release(session: Session): Promise<void> {
  for (const [gid] of await session.query(PREPARED)) {
    await session.execute(`ROLLBACK PREPARED ${quoteLiteral(gid ?? '')}`);
  }
  for (const [found] of await session.query(SUBSCRIPTIONS)) {
    const subscription = quoteIdentifier(found ?? '');
    await session.execute(`ALTER SUBSCRIPTION ${subscription} DISABLE`);
    await session.execute(`ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE)`);
    await session.execute(`DROP SUBSCRIPTION ${subscription}`);
  }
}
