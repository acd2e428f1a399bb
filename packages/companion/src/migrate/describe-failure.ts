import { adviseOnPrepared } from '../database/culprits.ts';
import { type Advice, explainError } from '../database/explain-error.ts';
import { interruption } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import { describeMissingRight } from '../ledger/missing-right.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { renderSnippet } from '../sql/render-snippet.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import type { RunContext } from './run-context.ts';
import { PIN_LOST } from './run-transaction.ts';
import type { StepFailure } from './run-units.ts';

export type FailedStep = StepFailure & {
  readonly step: PlanStep;
  readonly attempts: number;
  /** Steps of this run that are applied and stay. */
  readonly doneBefore: number;
};

/** A failed step as the error the user sees: place, caret, cause, what state things are in, advice. */
export function describeFailure(context: RunContext, failed: FailedStep): CompanionError {
  const { step, error } = failed;
  const { name } = step.migration;
  const { signal } = context;
  if (error.message.includes(PIN_LOST)) {
    return new CompanionError('pooler-refused', {
      message: `${name} was not applied: ${error.message}.`,
      hint: 'A transaction pooler stands between (put the URL of the direct connection into MIGRATION_DATABASE_URL), or a migration released the lock: DISCARD ALL and pg_advisory_unlock_all do.',
      state: [tellStep(failed), ...tellApplied(context, failed.doneBefore)],
      cause: error,
    });
  }
  if (error.code === 'connection-lost') {
    // It may be ourselves who closed it: after a signal, when no cancel could be sent.
    const told = signal?.aborted
      ? interruption(signal).with({
          message: `Interrupted during ${name}, and the connection is gone.`,
          cause: error,
        })
      : error;
    return told.with({
      migration: name,
      state: [
        `Whether ${name} was committed is not known here; its ledger row tells, as it commits with the migration.`,
        ...tellApplied(context, failed.doneBefore).map((told) => `At least ${told}`),
      ],
      hint: 'Run migrate again: it goes on from what the ledger holds.',
      fix: 'drizzle-companion migrate',
    });
  }
  const state = [tellStep(failed), ...tellApplied(context, failed.doneBefore)];
  if (
    signal?.aborted &&
    (error.code.startsWith('interrupted') || error.fields.server?.sqlstate === '57014')
  ) {
    return interruption(signal).with({
      message: `Interrupted during ${name}.`,
      migration: name,
      state,
      cause: error,
    });
  }
  return describeSqlFailure(context, failed, state);
}

function describeSqlFailure(
  context: RunContext,
  failed: FailedStep,
  state: readonly string[],
): CompanionError {
  const { step, at, error } = failed;
  const statement = typeof at === 'string' ? null : at;
  const { migration } = step;
  const { server } = error.fields;
  const { user: role, name: database } = context.session.facts.identity;
  const busy = server?.sqlstate === '55P03' || server?.sqlstate === '40P01';
  const offset = offsetOfFailure(failed);
  const advice: Advice | undefined =
    statement === null && server?.sqlstate === '42501'
      ? describeMissingRight('write', context.ledger, { database, role })
      : server && explainError(server, { transaction: step.transaction, role });
  const culprits = context.watch.culprits();
  const ofPrepared = busy ? adviseOnPrepared(culprits) : null;
  const tries = failed.attempts > 1 ? ` (${failed.attempts} tries)` : '';
  const during =
    at === 'commit'
      ? ', while it was being recorded and committed'
      : at === 'begin'
        ? ', before its first statement'
        : '';
  const described = new CompanionError(busy ? 'table-busy' : 'migration-failed', {
    message: `${migration.name} failed${tries}${during}: ${error.message}`,
    migration: migration.name,
    place: { file: migration.file, ...locateOffset(migration.sql, offset) },
    ...(statement && { statement: statement.text, snippet: renderSnippet(migration.sql, offset) }),
    ...(server && { server }),
    ...(culprits.length > 0 && { culprits }),
    ...(advice && { hint: ofPrepared ?? advice.hint }),
    ...(advice?.fix !== undefined && { fix: advice.fix }),
    state,
    cause: error,
  });
  described.suppressed.push(...error.suppressed);
  return described;
}

function tellStep({ step, statementsDone }: FailedStep): string {
  if (step.transaction) return 'It was rolled back: nothing of it is in the database.';
  const total = statementsOf(step.units).length;
  return `It runs without a transaction: ${statementsDone} of its ${total} statements are done and stay; a rerun goes on after them.`;
}

/** What is applied now. */
export function tellApplied(context: RunContext, doneBefore: number): readonly string[] {
  const { appliedBefore, onDisk } = context;
  const now = `${appliedBefore + doneBefore} of ${onDisk} migrations are applied`;
  return [doneBefore > 0 ? `${now}, ${doneBefore} of them in this run.` : `${now}.`];
}

/** Where the server points, else where the statement begins: not at the comment that leads it. */
function offsetOfFailure({ step, at, error }: FailedStep): number {
  if (typeof at === 'string') return 0;
  const position = error.fields.server?.position;
  if (position) return at.offset + offsetOfPosition(at.text, position);
  return skipBlank(step.migration.sql, at.offset);
}
