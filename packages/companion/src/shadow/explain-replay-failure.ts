import { explainError } from '../database/explain-error.ts';
import type { ServerError } from '../kernel/errors.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { adviseOnExtension, adviseOnMisfits, type ReplayAdvice } from './advise-on-extension.ts';
import { extensionOf } from './extension-of.ts';
import type { Shadow } from './shadow.ts';

const MISSING = new Set(['42P01', '42703', '42704', '42883', '3F000']);
const THERE = new Set(['42P07', '42710', '42701', '42P06', '42723']);
/** Of the runner's advice, what speaks of a database that is in use, and none of a fresh one. */
const OF_USE = new Set(['55P03', '40P01', '57014', '42501']);

/** What to do about a statement that PostgreSQL refused on a shadow. Pure. */
export function explainReplayFailure(
  server: ServerError,
  context: Pick<Shadow, 'provider' | 'misfits'> & { readonly transaction: boolean },
): ReplayAdvice {
  const { provider, transaction, misfits = [] } = context;
  // What it cannot load need not be named: a library that another brings along fails in its place.
  if (misfits.length > 0 && server.message.includes('could not load')) return adviseOnMisfits(misfits);
  const extension = missingExtension(server);
  if (extension !== null) return adviseOnExtension(extension, provider);
  const { sqlstate } = server;
  if (provider === 'pglite' && sqlstate === '58P01') {
    return {
      able: server.message.includes('could not load library') ? ['embedded', 'server'] : ['server'],
      hint: 'PGlite is PostgreSQL in a single process without files and libraries of a machine. Replay on a real server: --shadow-url.',
    };
  }
  if (sqlstate === '3F000' && server.message.startsWith('no schema has been selected')) {
    return {
      able: [],
      hint: "Nothing on the search path is there. Where a migration before it has set the path, as a dump does with set_config('search_path', '', false), that holds to the end of a run, and migrate on a new database meets the same: let this one begin with SET search_path = public, or name the schema.",
    };
  }
  if (MISSING.has(sqlstate)) {
    const found = extensionOf(server.message);
    if (found !== null) {
      return {
        able: [],
        hint: `${found.what} comes with the extension ${found.extension}. Let a migration before it make it, CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(found.extension)}; or, where it is made outside of migrations, name it in shadow.extensions in drizzle-companion.config.`,
      };
    }
    return {
      able: [],
      hint: 'A shadow begins empty. What the migrations need and do not make, roles, schemas and functions of the platform, belongs into the SQL file that shadow.before names in drizzle-companion.config; extensions into shadow.extensions.',
    };
  }
  if (THERE.has(sqlstate)) {
    return {
      able: [],
      hint: 'On a fresh database two migrations make the same object, or what shadow.before makes they make too.',
    };
  }
  return OF_USE.has(sqlstate)
    ? { able: [] }
    : { able: [], ...explainError(server, { transaction, role: 'postgres' }) };
}

function missingExtension({ sqlstate, message }: ServerError): string | null {
  if (sqlstate !== '0A000' && sqlstate !== '58P01' && sqlstate !== '42704') return null;
  const [, name] =
    /extension "([^"]+)" is not available|control file "[^"]*?([^"/]+)\.control"/.exec(message) ?? [];
  return name ?? /control file "[^"]*?([^"/]+)\.control"/.exec(message)?.[1] ?? null;
}
