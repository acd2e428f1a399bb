import { CompanionError } from '../kernel/errors.ts';
import { statementsOf } from '../kernel/plan.ts';
import type { LeftBehind, RehearsedStep, Waiter } from '../kernel/rehearsal.ts';
import { interruptible } from '../migrate/interruptible.ts';
import { findLeftBehind } from './left-behind.ts';
import { readMoment } from './moment.ts';
import { readUses, watchWaiters } from './other-sessions.ts';
import { type Outside, readOutside } from './outside.ts';
import { beginTransaction } from './pending-transaction.ts';
import { settleOutside } from './put-forward.ts';
import type { RehearsalFailure, RehearsalInput, RehearsalRun, StepRun } from './rehearsal-run.ts';
import { makeLedger } from './rehearse-ledger.ts';
import { readValues, rehearseStep } from './rehearse-step.ts';
import { type Asker, readRelations } from './relations.ts';
import { readSessionState } from './session-state.ts';
import { notReached, sumUpStep, type Uses } from './sum-up.ts';
import { namedByApplications, readEffects } from './transaction-effects.ts';

export type RehearsedPlan = {
  readonly steps: readonly RehearsedStep[];
  readonly leftBehind: readonly LeftBehind[];
  readonly waited: readonly Waiter[];
  readonly failure: RehearsalFailure | null;
};

/** Executes the steps in one transaction, and rolls it back whatever happens. */
export async function rehearseOnTarget(input: RehearsalInput): Promise<RehearsedPlan> {
  const { session, steps, signal } = input;
  const outside = await readOutside(session);
  const { result, waited } = await watchWaiters(session, () =>
    interruptible(session, signal, () => runAndRollBack(input)),
  );
  const { run, uses, turns, failure } = result;
  return {
    steps: steps.map((step, index) => {
      const turn = turns[index];
      if (turn === undefined) return notReached(step);
      const failed = failure?.step === step;
      return sumUpStep(step, turn.statements, { failed, at: failed ? failure.at : null, uses });
    }),
    leftBehind: failure?.error.code === 'connection-lost' ? [] : await readLeftBehind(run, outside),
    waited,
    failure,
  };
}

type Outcome = {
  readonly run: RehearsalRun;
  readonly uses: Uses;
  /** Of the steps that were begun. */
  readonly turns: readonly StepRun[];
  readonly failure: RehearsalFailure | null;
};

async function runAndRollBack(input: RehearsalInput): Promise<Outcome> {
  const { session } = input;
  let outcome: Outcome;
  try {
    outcome = await runSteps(input);
  } catch (error) {
    await session
      .execute('ROLLBACK')
      .catch((failed: unknown) => error instanceof CompanionError && error.suppressed.push(failed));
    throw error;
  }
  const { failure } = outcome;
  await session.execute('ROLLBACK').catch((failed: unknown) => {
    // The first error is the one that is told. When the session is lost, the server rolls back by itself.
    if (failure === null) throw failed;
    if (failure.error.code !== 'connection-lost') failure.error.suppressed.push(failed);
  });
  return outcome;
}

async function runSteps(input: RehearsalInput): Promise<Outcome> {
  const run = await begin(input);
  const uses = await readUsesByName(run);
  const turns: StepRun[] = [];
  for (const [index, step] of input.steps.entries()) {
    const { name } = step.migration;
    input.onEvent({ type: 'rehearsal-step', name, index: index + 1, steps: input.steps.length });
    const turn: StepRun = {
      step,
      began: run.moment,
      held: new Map(),
      pending: beginTransaction(run.keeps),
      statements: [],
    };
    turns.push(turn);
    const failure = await rehearseStep(run, turn);
    if (failure !== null) return { run, uses, turns, failure };
  }
  return { run, uses, turns, failure: null };
}

async function begin(input: RehearsalInput): Promise<RehearsalRun> {
  const { session } = input;
  await session.execute('BEGIN');
  const known = await readRelations(session);
  const values = await readValues(session);
  const rehearsedLedger = await makeLedger(session, input.ledger, input.folder);
  const effects = new Map(
    input.steps
      .flatMap(({ units }) => statementsOf(units))
      .map((statement) => [statement, readEffects(statement.text, input.parser)]),
  );
  const ownSettings = namedByApplications([...effects.values()].flat());
  const { settings } = await readSessionState(session, { ownSettings, temporaryTables: [] });
  const moment = await readMoment(session, known, null);
  return {
    ...input,
    known,
    rehearsedLedger,
    effects,
    ownSettings,
    keeps: { settings, emptied: new Set() },
    lockRoom: await readLockRoom(session),
    moment,
    began: moment.transaction,
    missing: [],
    added: [],
    values,
    valueCount: values.size,
    settled: new Set(),
  };
}

async function readLockRoom(asker: Asker): Promise<number> {
  const [[room] = []] = await asker.query(`SELECT (current_setting('max_locks_per_transaction')::bigint
  * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint))::text`);
  return Number(room);
}

async function readUsesByName(run: RehearsalRun): Promise<Uses> {
  const uses = await readUses(run.session);
  return new Map([...uses].flatMap(([oid, use]) => [[run.known.get(oid)?.shown ?? '', use] as const]));
}

async function readLeftBehind(
  { session, known, moment }: RehearsalRun,
  before: Outside,
): Promise<readonly LeftBehind[]> {
  const { after, setBack } = await settleOutside(session, before);
  return findLeftBehind({
    known,
    after: await readRelations(session),
    drawn: moment.sequences,
    outside: { before, after },
    setBack,
    locked: moment.locks.keys(),
  });
}
