import { openSession } from '../../database/session.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { DatabaseOption } from '../../kernel/options.ts';

const SCHEMAS = `SELECT s.name::text FROM unnest(pg_catalog.current_schemas(false)) WITH ORDINALITY s (name, at) ORDER BY s.at`;

/**
 * The schemas in which sessions of the database look for names, and the first of which they make things in: by the URL's
 * options, the role, the database, and a schema that is named as the role. Null where that is `public` alone, and where the
 * database cannot be asked, which others tell.
 */
export async function readSearchPath(
  database: DatabaseOption,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | null> {
  try {
    const session = await openSession(database, 0, signal, () => undefined);
    const rows = await session.query(SCHEMAS).finally(session.close);
    const schemas = rows.map(([name]) => name ?? '');
    return schemas.length === 0 || schemas.join() === 'public' ? null : schemas;
  } catch (error) {
    if (!(error instanceof CompanionError) || error.code.startsWith('interrupted')) throw error;
    return null;
  }
}
