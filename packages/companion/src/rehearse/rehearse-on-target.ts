import { CompanionError } from '../kernel/errors.ts';
import type { LeftBehind, RehearsedStep, Waiter } from '../kernel/rehearsal.ts';
import { interruptible } from '../migrate/interruptible.ts';
import { findLeftBehind, readSequences, type SequenceValues } from './left-behind.ts';
import { readMoment } from './moment.ts';
import { readUses, watchWaiters } from './other-sessions.ts';
import type { RehearsalFailure, RehearsalInput, RehearsalRun, StepRun } from './rehearsal-run.ts';
import { readValues, rehearseStep } from './rehearse-step.ts';
import { type Asker, readRelations } from './relations.ts';
import { notReached, sumUpStep, type Uses } from './sum-up.ts';

export type RehearsedPlan = {
  readonly steps: readonly RehearsedStep[];
  readonly leftBehind: readonly LeftBehind[];
  readonly waited: readonly Waiter[];
  readonly failure: RehearsalFailure | null;
};

/** Executes the steps in one transaction, and rolls it back whatever happens. */
export async function rehearseOnTarget(input: RehearsalInput): Promise<RehearsedPlan> {
  const { session, steps, signal } = input;
  // A role that may not ask them, or a sequence that is locked: then nothing is told of sequences.
  const sequences: SequenceValues = await readSequences(session).catch(() => new Map());
  const { result, waited } = await watchWaiters(session, () =>
    interruptible(session, signal, () => runAndRollBack(input)),
  );
  const { run, uses, turns, failure } = result;
  return {
    steps: steps.map((step, index) => {
      const turn = turns[index];
      if (turn === undefined) return notReached(step);
      return sumUpStep(step, turn.statements, { failed: failure?.step === step, uses });
    }),
    leftBehind: failure?.error.code === 'connection-lost' ? [] : await readLeftBehind(run, sequences),
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
    const turn: StepRun = { step, heldBefore: run.moment.locks, held: new Map(), statements: [] };
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
  const moment = await readMoment(session, known, null);
  return {
    ...input,
    known,
    lockRoom: await readLockRoom(session),
    moment,
    began: moment.transaction,
    missing: null,
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
  before: SequenceValues,
): Promise<readonly LeftBehind[]> {
  const drawn = moment.sequences;
  const after = drawn.length === 0 ? before : await readSequences(session).catch(() => before);
  return findLeftBehind({
    known,
    after: await readRelations(session),
    drawn,
    sequences: { before, after },
    locked: moment.locks.keys(),
  });
}
