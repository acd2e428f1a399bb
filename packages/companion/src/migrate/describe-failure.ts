import { adviseOnPrepared } from '../database/culprits.ts';
import { type Advice, explainError } from '../database/explain-error.ts';
import { interruption } from '../database/pause.ts';
import { CompanionError, type ServerError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import { describeMissingRight } from '../ledger/missing-right.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { renderSnippet } from '../sql/render-snippet.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { readStatementWork, type StatementWork } from '../sql/statement-work.ts';
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
export async function describeFailure(context: RunContext, failed: FailedStep): Promise<CompanionError> {
  const { step, error } = failed;
  const { name } = step.migration;
  const { signal } = context;
  if (error.message.includes(PIN_LOST)) {
    return new CompanionError('pooler-refused', {
      ...tellLostLock(name, error.message),
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

/** The words around the numbers are the server's: it was made to fail at reading ours. */
function tellLostLock(name: string, said: string): { readonly message: string; readonly hint: string } {
  const [had, is] = said.slice(said.indexOf(PIN_LOST) + PIN_LOST.length).match(/\d+/g) ?? [];
  if (had === is) {
    return {
      message: `${name} was not applied: the migration lock was released while it ran, so that another run could have begun.`,
      hint: 'A migration released it: DISCARD ALL and pg_advisory_unlock_all() do. Take that out; DISCARD TEMP, RESET ALL or pg_advisory_unlock(…) with a key of its own do less.',
    };
  }
  return {
    message: `${name} was not applied: server process ${had} took the migration lock, and process ${is} answers now.`,
    hint: 'A transaction pooler stands between: put the URL of the direct connection into MIGRATION_DATABASE_URL.',
  };
}

async function describeSqlFailure(
  context: RunContext,
  failed: FailedStep,
  state: readonly string[],
): Promise<CompanionError> {
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
      : server &&
        explainError(server, {
          transaction: step.transaction,
          role,
          work: await readWork(server, statement),
        });
  const culprits = context.watch.culprits();
  const ofPrepared = busy ? adviseOnPrepared(culprits) : null;
  const tries = failed.attempts > 1 ? ` (${failed.attempts} tries)` : '';
  const during =
    at === 'commit'
      ? ', after its last statement, where it is recorded and committed'
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

/** Only what a constraint refuses is told by the statement's kind: nothing else is worth a parser. */
async function readWork({ sqlstate }: ServerError, statement: Statement | null): Promise<StatementWork> {
  if (statement === null || !sqlstate.startsWith('23')) return 'unknown';
  return readStatementWork(statement.text, await loadSqlParser());
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
