import { quoteLiteral } from '../sql/quote.ts';
import type { Asker } from './relations.ts';

/** Of what a COMMIT ends, as much as the server tells. */
export type SessionState = {
  /** By name in lower case. A role may not see all of them. */
  readonly settings: Settings;
  /** Those that a COMMIT closes. */
  readonly cursors: readonly string[];
  /** Those of the temporary tables asked for that are there. */
  readonly temporaryTables: readonly string[];
};

export type Settings = ReadonlyMap<string, string>;

/** Not listed: role and user are not, nor what an application has named. `transaction_…` cannot be set back. */
const LISTED = `SELECT pg_catalog.json_object_agg(pg_catalog.lower(name), setting) FROM pg_catalog.pg_settings
  WHERE context IN ('user', 'superuser') AND pg_catalog.left(name, 12) <> 'transaction_'`;
const UNLISTED = ['session_authorization', 'role'];

export async function readSessionState(
  asker: Asker,
  asked: { readonly ownSettings: Iterable<string>; readonly temporaryTables: Iterable<string> },
): Promise<SessionState> {
  const unlisted = [...UNLISTED, ...asked.ownSettings].map(quoteLiteral);
  const tables = [...asked.temporaryTables].map(quoteLiteral);
  const [[listed, others, cursors, there] = []] = await asker.query(`SELECT (${LISTED})::text,
  pg_catalog.json_object(ARRAY[${unlisted.join(', ')}], ARRAY[${unlisted.map((name) => `coalesce(pg_catalog.current_setting(${name}, true), '')`).join(', ')}])::text,
  (SELECT pg_catalog.json_agg(name) FROM pg_catalog.pg_cursors WHERE NOT is_holdable)::text,
  (SELECT pg_catalog.json_agg(name) FROM pg_catalog.unnest(ARRAY[${tables.join(', ')}]::text[]) name
   WHERE pg_catalog.to_regclass('pg_temp.' || pg_catalog.quote_ident(name)) IS NOT NULL)::text`);
  return {
    settings: new Map(Object.entries({ ...parse(listed, {}), ...parse(others, {}) })),
    cursors: parse(cursors, []),
    temporaryTables: parse(there, []),
  };
}

function parse<T>(json: string | null | undefined, otherwise: T): T {
  return json == null ? otherwise : (JSON.parse(json) as T);
}
