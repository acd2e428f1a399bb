import { CompanionError } from '../kernel/errors.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { renderSnippet } from '../sql/render-snippet.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { leaveOutDatabases } from './about-database.ts';
import { explainReplayFailure } from './explain-replay-failure.ts';
import type { Replay, ReplayFailure, ReplayRunner } from './replay.ts';
import type { Shadow } from './shadow.ts';
import { findUnfit, type ReplayMessage, separateRuns, shapeReplay } from './shape-replay.ts';

export type ReplayOptions = {
  readonly runner: ReplayRunner;
  /** Sent between migrations, as if each had a run of its own; by default they all have one. */
  readonly between?: readonly string[];
  /** Told when a migration is through: how many are. */
  readonly onMigration?: (done: number) => void;
};

/** How many messages may be under way: what the last answer was need not be waited for. */
const WINDOW = 64;

/**
 * Runs migrations on a shadow, from nothing, as the runner would. A migration that fails is data; a shadow that is lost,
 * or an interruption, is thrown. No ledger is written; statements about a database itself are left out.
 */
export async function replayChain(
  shadow: Shadow,
  migrations: readonly MigrationOnDisk[],
  { runner, between = [], onMigration = () => undefined }: ReplayOptions,
): Promise<Replay> {
  const parser = await loadSqlParser();
  const unfit = migrations.findIndex(({ sql }) => findUnfit(sql, shadow.provider, parser) !== null);
  // All that comes before a statement that must not be sent is replayed: it may fail first.
  const fit = unfit === -1 ? migrations : migrations.slice(0, unfit);
  const told = fit.map((migration) => ({ ...migration, sql: leaveOutDatabases(migration.sql, parser) }));
  const messages = separateRuns(shapeReplay(told, runner, parser), between);
  const failed = await sendAll(shadow, messages, onMigration);
  if (failed !== null) {
    const migration = migrations[failed.message.migration];
    if (migration === undefined) throw failed.error;
    return { kind: 'failed', failure: describe(shadow, migration, failed) };
  }
  const migration = migrations[unfit];
  const found = migration && findUnfit(migration.sql, shadow.provider, parser);
  if (!migration || !found) return { kind: 'replayed', migrations: migrations.length };
  const { statement, message, hint, able } = found;
  const at = placeOf(migration, skipBlank(migration.sql, statement.offset));
  return {
    kind: 'failed',
    failure: {
      migration: migration.name,
      statement: statement.text,
      ...at,
      message,
      hint,
      able,
      provider: shadow.provider,
      done: unfit,
    },
  };
}

type Failed = { readonly message: ReplayMessage; readonly error: CompanionError };

/** Sends messages without waiting for each answer, and stops at the first that fails. Answers come in order. */
async function sendAll(
  shadow: Shadow,
  messages: readonly ReplayMessage[],
  onMigration: (done: number) => void,
): Promise<Failed | null> {
  let failed: Failed | null = null;
  let lost: unknown;
  const sent: Promise<void>[] = [];
  for (const [at, message] of messages.entries()) {
    if (at >= WINDOW) await sent[at - WINDOW];
    if (failed !== null || lost !== undefined) break;
    const isLast = messages[at + 1]?.migration !== message.migration;
    sent.push(
      shadow.execute(message.sql).then(
        () => {
          if (isLast && failed === null && lost === undefined) onMigration(message.migration + 1);
        },
        (error: unknown) => {
          if (failed !== null || lost !== undefined) return;
          if (isOfStatement(error)) failed = { message, error };
          else lost = error;
        },
      ),
    );
  }
  await Promise.all(sent);
  if (lost !== undefined) throw lost;
  return failed;
}

/** PostgreSQL refused the statement, or the provider broke off at it. */
function isOfStatement(error: unknown): error is CompanionError {
  if (!(error instanceof CompanionError) || error.code === 'connection-lost') return false;
  return error.fields.server !== undefined || error.code === 'shadow-unavailable';
}

function describe(
  shadow: Shadow,
  migration: MigrationOnDisk,
  { message: { statement, migration: done, transaction }, error }: Failed,
): ReplayFailure {
  const { server } = error.fields;
  const advice =
    server === undefined
      ? { able: ['embedded', 'server'] as const, hint: error.fields.hint ?? '' }
      : explainReplayFailure(server, { ...shadow, transaction });
  return {
    migration: migration.name,
    statement: statement?.text ?? null,
    ...placeOf(migration, offsetOf(migration, statement, server?.position)),
    message: error.message,
    ...(server && { server }),
    provider: shadow.provider,
    ...advice,
    done,
  };
}

function offsetOf(
  { sql }: MigrationOnDisk,
  statement: Statement | null,
  position: number | undefined,
): number {
  if (statement === null) return 0;
  if (position !== undefined) return statement.offset + offsetOfPosition(statement.text, position);
  return skipBlank(sql, statement.offset);
}

function placeOf({ file, sql }: MigrationOnDisk, offset: number): Pick<ReplayFailure, 'place' | 'snippet'> {
  return { place: { file, ...locateOffset(sql, offset) }, snippet: renderSnippet(sql, offset) };
}
