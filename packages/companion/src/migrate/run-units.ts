import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf, type Unit } from '../kernel/plan.ts';
import { buildProgressSql } from '../ledger/facts-sql.ts';
import { dropInvalidIndex, wasCompleted } from './invalid-indexes.ts';
import { hashStatement, type ResumePoint } from './resume.ts';
import { buildPin, buildRecordSql, type RunContext, tellStatement } from './run-context.ts';
import { runTransaction, type TransactionFailure } from './run-transaction.ts';
import { wasCommitted } from './was-committed.ts';
import { withRetries } from './with-retries.ts';

/** Why a step stopped. */
export type StepFailure = {
  readonly error: CompanionError;
  /** The statement at fault; else what of ours failed: the BEGIN and settings, or the records and COMMIT. */
  readonly at: Statement | 'begin' | 'commit';
  readonly statementsDone: number;
};

export type StepOutcome = { readonly failure: StepFailure | null; readonly attempts: number };

/**
 * Runs a migration that cannot be one transaction, unit by unit. Progress is recorded with each unit, in its own
 * transaction where the statement tolerates one; the ledger row is written with the last.
 */
export async function runUnits(
  context: RunContext,
  step: PlanStep,
  resume: ResumePoint,
): Promise<StepOutcome> {
  const all = statementsOf(step.units);
  let attempts = 1;
  let done = resume.statementsDone;
  const progress = (statementsDone: number, inFlight: 'in-flight' | 'between') =>
    buildProgressSql(context.ledger, step.migration, all.length, {
      statementsDone,
      // With the one in flight: only the very same statement can be found to be done.
      doneHashes: all.slice(0, statementsDone + (inFlight === 'in-flight' ? 1 : 0)).map(hashStatement),
      inFlight: inFlight === 'in-flight',
    });

  await context.session.execute(buildSettings(context));
  for (const { text } of resume.settings) await context.session.execute(text);
  for (const [offset, unit] of step.units.slice(resume.unit).entries()) {
    const isLast = resume.unit + offset === step.units.length - 1;
    const statements = statementsOf([unit]);
    const records = isLast ? buildRecordSql(context, step) : [progress(done + statements.length, 'between')];
    const alone = () =>
      runAlone(context, step, unit, {
        before: progress(done, 'in-flight'),
        failed: progress(done, 'between'),
        records,
        done,
        mayBeDone: offset === 0 && resume.inFlight,
      });
    // What may have committed a part of its work is not tried again.
    const retries = unit.kind === 'autocommit' && unit.opaque ? 0 : context.settings.lockRetries;
    const outcome = await withRetries(context, step, retries, async () => {
      if (!sharesTransaction(unit)) return alone();
      const failure = await runShared(context, step, unit, records, done);
      // Some statements look ordinary and are refused all the same: REINDEX or CLUSTER of a partitioned table.
      const refused = unit.kind === 'autocommit' && failure?.error.fields.server?.sqlstate === '25001';
      return refused ? alone() : failure;
    });
    attempts = Math.max(attempts, outcome.attempts);
    if (outcome.failure) return { failure: outcome.failure, attempts };
    done += statements.length;
  }
  if (step.units.length === 0 || resume.unit >= step.units.length) {
    const failure = await runRecords(context, step, buildRecordSql(context, step), done);
    return { failure, attempts };
  }
  return { failure: null, attempts };
}

/** For the session, as statements that run alone have no transaction to set anything for; the file may then set others. */
function buildSettings({ sessionSettings }: RunContext): string {
  return Object.entries(sessionSettings)
    .map(([name, ms]) => `SET ${name} = ${ms}`)
    .join(';\n');
}

const RECORD_ATTEMPTS = 20;

type AloneUnit = Extract<Unit, { kind: 'autocommit' }>;

function sharesTransaction(unit: Unit): boolean {
  return unit.kind === 'transaction' || unit.atomic;
}

/** Statements and record in one transaction; after a unit that the file itself rolls back, the record follows alone. */
async function runShared(
  context: RunContext,
  step: PlanStep,
  unit: Unit,
  records: readonly string[],
  done: number,
): Promise<StepFailure | null> {
  const all = statementsOf(step.units);
  const statements = statementsOf([unit]);
  const undone = unit.kind === 'transaction' && unit.end === 'rollback';
  const failure = await runTransaction(
    context.session,
    {
      guards: [],
      parts: statements.map((statement) => statement.text),
      tail: undone ? [] : records,
      end: undone ? 'ROLLBACK' : 'COMMIT',
    },
    context.signal,
    (part) => {
      if (part < statements.length) tellStatement(context, step, all, part < 0 ? -1 : done + part);
    },
  );
  if (failure) return { error: failure.error, at: placeOf(failure, statements), statementsDone: done };
  return undone ? runRecords(context, step, records, done + statements.length) : null;
}

/** A statement that must be alone: what it is about to do is recorded before it, and that it did after it. */
async function runAlone(
  context: RunContext,
  step: PlanStep,
  unit: Unit,
  how: { before: string; failed: string; records: readonly string[]; done: number; mayBeDone: boolean },
): Promise<StepFailure | null> {
  const { session } = context;
  const { statement, builds } = unit as AloneUnit;
  try {
    await session.execute(buildPin(context));
    const completed = how.mayBeDone && builds ? await wasCompleted(session, builds) : null;
    if (completed !== true) {
      for (const index of builds ? await dropInvalidIndex(session, builds) : []) {
        context.onEvent({ type: 'invalid-index-dropped', name: step.migration.name, index });
      }
      await session.execute(how.before);
      await session.execute(statement.text);
    }
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    await session.execute(how.failed).catch((failed) => error.suppressed.push(failed));
    return { error, at: statement, statementsDone: how.done };
  }
  tellStatement(context, step, statementsOf(step.units), how.done);
  return runRecords(context, step, how.records, how.done + 1);
}

/**
 * Not interruptible: the statement is done, and its record is what makes a rerun go on after it. A cancel that was meant
 * for the statement may still hit the record; then it is written again, unless it was committed all the same.
 */
async function runRecords(
  context: RunContext,
  step: PlanStep,
  records: readonly string[],
  done: number,
): Promise<StepFailure | null> {
  const transaction = { guards: [], parts: [], tail: records, end: 'COMMIT' } as const;
  for (let attempt = 1; ; attempt += 1) {
    const failed = await runTransaction(context.session, transaction, undefined, () => undefined);
    if (!failed) return null;
    const failure: StepFailure = { error: failed.error, at: 'commit', statementsDone: done };
    if (failed.error.fields.server?.sqlstate !== '57014' || attempt === RECORD_ATTEMPTS) return failure;
    if (await wasCommitted(context, step, failure)) return null;
  }
}

/** What a failed part of a transaction was. */
export function placeOf({ part }: TransactionFailure, statements: readonly Statement[]): StepFailure['at'] {
  return part < 0 ? 'begin' : (statements[part] ?? 'commit');
}
