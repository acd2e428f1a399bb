import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep, Unit } from '../kernel/plan.ts';
import { buildProgressSql } from '../ledger/facts-sql.ts';
import { dropInvalidIndex, wasCompleted } from './invalid-indexes.ts';
import { hashStatement, type ResumePoint } from './resume.ts';
import { buildGuards, buildRecordSql, type RunContext, statementsOf, tellStatement } from './run-context.ts';
import { buildPinGuardSql, runTransaction } from './run-transaction.ts';
import { withRetries } from './with-retries.ts';

/** Why a step stopped: the statement at fault, or null when it was a record or the COMMIT. */
export type StepFailure = {
  readonly error: CompanionError;
  readonly statement: Statement | null;
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
      doneHashes: all.slice(0, statementsDone).map(hashStatement),
      inFlight: inFlight === 'in-flight',
    });

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
    const outcome = await withRetries(context, step, async () => {
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
    const failure = await runRecords(context, buildRecordSql(context, step), done);
    return { failure, attempts };
  }
  return { failure: null, attempts };
}

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
      guards: buildGuards(context, 'durable'),
      parts: statements.map((statement) => statement.text),
      tail: undone ? [] : records,
      end: undone ? 'ROLLBACK' : 'COMMIT',
    },
    context.signal,
    (part) => {
      if (part < statements.length) tellStatement(context, step, all, part < 0 ? -1 : done + part);
    },
  );
  if (failure)
    return { error: failure.error, statement: statements[failure.part] ?? null, statementsDone: done };
  return undone ? runRecords(context, records, done + statements.length) : null;
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
    await session.execute(buildPinGuardSql(session.facts.pid));
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
    return { error, statement, statementsDone: how.done };
  }
  tellStatement(context, step, statementsOf(step.units), how.done);
  return runRecords(context, how.records, how.done + 1);
}

async function runRecords(
  context: RunContext,
  records: readonly string[],
  done: number,
): Promise<StepFailure | null> {
  const transaction = {
    guards: buildGuards(context, 'durable'),
    parts: [],
    tail: records,
    end: 'COMMIT',
  } as const;
  // Not interruptible: the statement is done, and its record is what makes a rerun go on after it.
  const failure = await runTransaction(context.session, transaction, undefined, () => undefined);
  return failure && { error: failure.error, statement: null, statementsDone: done };
}
