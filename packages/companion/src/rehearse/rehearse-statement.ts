import { throwIfInterrupted } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import { type LockMode, strongestOf } from '../kernel/lock-modes.ts';
import type { Statement } from '../kernel/place.ts';
import type { Unit } from '../kernel/plan.ts';
import type { StatementLock } from '../kernel/rehearsal.ts';
import type { ParseNode } from '../sql/parser.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { compareMoments, isRaised } from './compare-moments.ts';
import { describeStatement } from './describe-statement.ts';
import { settleEstimates } from './estimates.ts';
import { type Circumstances, forgive, mayBeForgiven } from './forgive.ts';
import { indexedRelations } from './indexed-relations.ts';
import { type Concurrent, judgeStatement, type Skip } from './judge-statement.ts';
import { ANY_ROWS, missingAfter } from './missing-after.ts';
import { readMoment } from './moment.ts';
import { addEffects, changesSession } from './pending-transaction.ts';
import { proveIndex } from './prove-index.ts';
import { readRewritten } from './read-rewritten.ts';
import { type DoneStatement, isAtomic, type RehearsalRun, type StepRun } from './rehearsal-run.ts';
import { readSessionState } from './session-state.ts';
import { noteSlower } from './slower-here.ts';

const SAVEPOINT = 'drizzle_companion_statement';

/** A statement of a migration, and the transaction of it (its number) that it belongs to. */
export type Turn = { readonly statement: Statement; readonly unit: Unit; readonly number: number };

/**
 * Executes one statement, and measures it. One that cannot be rehearsed is told as such.
 * @throws CompanionError when it fails as it would fail in `migrate`, or the session is lost.
 */
export async function rehearseStatement(run: RehearsalRun, turn: StepRun, at: Turn): Promise<DoneStatement> {
  const { statement } = at;
  throwIfInterrupted(run.signal);
  if (run.moment.lockCount > run.lockRoom / 2) return leaveOut(run, turn, at, crowded(run));
  const verdict = judgeStatement(statement, run.parser);
  const alone = verdict.concurrent !== null && (await isUnseen(run, verdict.concurrent));
  const circumstances = {
    unit: at.unit.kind,
    atomic: isAtomic(at.unit),
    missing: run.missing,
    added: run.added,
  };
  if (verdict.skip !== null && !alone) {
    await prove(run, verdict.node, at, circumstances);
    return leaveOut(run, turn, at, verdict.skip);
  }
  const text = (alone && verdict.concurrent?.without) || statement.text;
  await settle(run, indexedRelations(verdict.node));

  // A savepoint costs a transaction id of its own: there is one only where it may be needed.
  const guarded = !verdict.isSavepoint && mayBeForgiven(circumstances);
  if (guarded) await run.session.execute(`SAVEPOINT ${SAVEPOINT}`);
  const started = performance.now();
  try {
    await run.session.execute(text);
  } catch (error) {
    const server = error instanceof CompanionError ? error.fields.server : undefined;
    const refused = {
      node: verdict.node,
      missing: missingAfter({ node: verdict.node, text: statement.text }, run.parser),
    };
    const forgiven =
      guarded && server && !run.signal?.aborted ? forgive(server, circumstances, refused) : null;
    if (forgiven === null) throw error;
    await run.session.execute(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}; RELEASE SAVEPOINT ${SAVEPOINT}`);
    return leaveOut(run, turn, at, forgiven);
  }
  const durationMs = performance.now() - started;
  if (guarded) await run.session.execute(`RELEASE SAVEPOINT ${SAVEPOINT}`);
  const before = run.moment;
  await look(run);
  await note(run, turn, statement);
  const change = compareMoments(before, run.moment, run.known);
  const { locks, rows, walBytes } = change;
  const told = alone
    ? 'built without CONCURRENTLY, as its table is new'
    : await noteSlower(run, turn, before);
  return {
    ...describe(turn, at),
    durationMs,
    locks: alone ? [] : [...tellLocks(run, turn, locks), ...tellHeld(run, turn, at, locks)],
    rewritten: await readRewritten(run.session, change),
    rows,
    walBytes,
    ...(told !== null && { note: told }),
  };
}

/** What can be known of a statement that is left out. Throws where PostgreSQL would refuse it, and nothing left out before explains that. */
async function prove(
  run: RehearsalRun,
  node: ParseNode | null,
  { statement: { text } }: Turn,
  circumstances: Circumstances,
): Promise<void> {
  if (node === null) return;
  try {
    await proveIndex(run.session, { node, text }, run.parser);
  } catch (error) {
    const server = error instanceof CompanionError ? error.fields.server : undefined;
    const isForgiven =
      server && !run.signal?.aborted && forgive(server, circumstances, { node, missing: [] });
    if (!isForgiven) throw error;
  }
  await look(run);
}

/** Reads the next moment. The transaction must still be the one that will be rolled back. */
export async function look(run: RehearsalRun): Promise<void> {
  run.moment = await readMoment(run.session, run.known, run.moment);
  if (run.moment.transaction === run.began) return limitLockWaits(run);
  throw new CompanionError('internal', {
    message: 'Something ended the transaction of the rehearsal: what ran before it may be committed.',
    hint: 'Look at the database before anything else is applied, and report the SQL that did it.',
  });
}

/** A file may be ready to wait longer for a lock, and does in a run. Others must not wait behind what is thrown away. */
async function limitLockWaits({ session, sessionSettings, moment }: RehearsalRun): Promise<void> {
  const { lock_timeout: limit = 0 } = sessionSettings;
  const isLimited = moment.lockTimeoutMs > 0 && moment.lockTimeoutMs <= limit;
  if (!isLimited) await session.execute(`SET LOCAL lock_timeout = ${limit}`);
}

async function note(run: RehearsalRun, turn: StepRun, statement: Statement): Promise<void> {
  const effects = run.effects.get(statement) ?? [];
  const { session, ownSettings, keeps } = run;
  const { settings } = changesSession(effects)
    ? await readSessionState(session, { ownSettings, temporaryTables: [] })
    : keeps;
  turn.pending = addEffects(turn.pending, effects, settings);
}

/** Without room for locks, other sessions of the server fail: a transaction of many migrations must not take all. */
function crowded({ moment }: RehearsalRun): Skip {
  return {
    reason: `a rehearsal keeps all locks to its end, and has ${moment.lockCount} by now: more than half of what the server has room for (max_locks_per_transaction)`,
    missing: ANY_ROWS,
  };
}

async function settle(run: RehearsalRun, names: readonly string[]): Promise<void> {
  const before = run.settled.size;
  await settleEstimates(run.session, names, run);
  if (run.settled.size > before) await look(run);
}

/** Is the table one that this very transaction has made? Then nobody else can wait for it. */
async function isUnseen({ session, known }: RehearsalRun, { relation, names }: Concurrent): Promise<boolean> {
  const named = `pg_catalog.to_regclass(${quoteLiteral(relation)})`;
  const table =
    names === 'table'
      ? `SELECT ${named}::oid::text`
      : `SELECT indrelid::text FROM pg_catalog.pg_index WHERE indexrelid = ${named}`;
  const [[oid] = []] = await session.query(table);
  return oid != null && !known.has(oid);
}

function describe({ step }: StepRun, { statement, number }: Turn) {
  return { ...describeStatement(step.migration, statement), unit: number };
}

/** A statement that is not rehearsed; what later ones may miss of it is kept in mind. */
export function leaveOut(
  run: RehearsalRun,
  turn: StepRun,
  at: Turn,
  { reason, missing }: Skip,
): DoneStatement {
  const described = describe(turn, at);
  const where = `line ${described.line} of ${turn.step.migration.name}`;
  run.missing = [...run.missing, ...missing.map((one) => ({ ...one, where }))];
  return {
    ...described,
    durationMs: null,
    locks: [],
    rewritten: [],
    rows: [],
    walBytes: null,
    notRehearsed: reason,
  };
}

/** Locks that the server shows to be new. */
function tellLocks(
  { known }: RehearsalRun,
  { held }: StepRun,
  locks: ReadonlyMap<string, LockMode>,
): readonly StatementLock[] {
  return [...locks].flatMap(([oid, mode]) => {
    held.set(oid, strongestOf(held.get(oid) ?? mode, mode));
    const relation = known.get(oid)?.shown;
    return relation === undefined ? [] : [{ relation, mode, measured: true }];
  });
}

/**
 * Locks on relations that earlier migrations of the rehearsal have locked: they hold them to its end, so that nobody can
 * see who takes them once more. Here the linter's rules tell, as far as they do not contradict what was seen.
 */
function tellHeld(
  { known, predicted }: RehearsalRun,
  { step, held, began }: StepRun,
  { statement: { offset, text } }: Turn,
  seen: ReadonlyMap<string, LockMode>,
): readonly StatementLock[] {
  const heldBefore = began.locks;
  if (heldBefore.size === 0) return [];
  const told = (predicted.get(step.migration.name) ?? [])
    .filter((one) => one.offset >= offset && one.offset < offset + text.length)
    .flatMap(({ locks }) => locks);
  return [...heldBefore].flatMap(([oid, before]) => {
    const relation = known.get(oid);
    if (relation === undefined || seen.has(oid)) return [];
    const mode = told
      .filter(
        (lock) =>
          lock.relation.name === relation.name && (lock.relation.schema ?? 'public') === relation.schema,
      )
      .map((lock) => lock.mode)
      .filter((one) => !isRaised(before, one) && isRaised(held.get(oid), one))
      .reduce<LockMode | null>(
        (strongest, one) => (strongest === null ? one : strongestOf(strongest, one)),
        null,
      );
    if (mode === null) return [];
    held.set(oid, mode);
    return [{ relation: relation.shown, mode, measured: false }];
  });
}
