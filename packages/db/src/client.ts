import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

export type Database = PostgresJsDatabase<typeof schema>;

/** Opens a pool of at most `max` connections; it connects with the first query. */
export function createDatabase(url: string, { max = 10 } = {}) {
  const sql = postgres(url, {
    max,
    connect_timeout: 5,
    // The default waits up to 20 s between attempts: too long after a short restart of the server.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
  });
  const db: Database = drizzle(sql, { schema });
  return { db, sql, close: () => sql.end({ timeout: 5 }) };
}
