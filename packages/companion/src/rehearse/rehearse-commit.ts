import { CompanionError } from '../kernel/errors.ts';
import { statementsOf } from '../kernel/plan.ts';
import { readDeferredChecks } from './deferred-constraints.ts';
import { forgive, mayBeForgiven } from './forgive.ts';
import { beginTransaction, buildEndSql } from './pending-transaction.ts';
import type { RehearsalRun, StepRun } from './rehearsal-run.ts';
import { leaveOut } from './rehearse-statement.ts';
import { readSessionState } from './session-state.ts';

const TRANSACTION = 'drizzle_companion_transaction';
const CHECKS = 'drizzle_companion_checks';

/** A savepoint for each transaction of a run: it ends those that a file leaves open, and a ROLLBACK goes back to it. */
export async function rehearseBegin({ session, keeps }: RehearsalRun, turn: StepRun): Promise<void> {
  turn.pending = beginTransaction(keeps);
  await session.execute(`SAVEPOINT ${TRANSACTION}`);
}

export async function rehearseRollback({ session }: RehearsalRun): Promise<void> {
  await session.execute(`ROLLBACK TO SAVEPOINT ${TRANSACTION}; RELEASE SAVEPOINT ${TRANSACTION}`);
}

/** Does what a COMMIT would do for the session and for what comes next, and commits nothing. */
export async function rehearseCommit(run: RehearsalRun, turn: StepRun, number: number): Promise<void> {
  await checkConstraints(run, turn, number);
  const { session, ownSettings } = run;
  const { pending } = turn;
  const temporaryTables = [...pending.dropped, ...pending.emptied];
  const state = await readSessionState(session, { ownSettings, temporaryTables });
  await session.execute([...buildEndSql(pending, state), `RELEASE SAVEPOINT ${TRANSACTION}`].join(';\n'));
  run.keeps = pending;
}

/** Checks what a COMMIT would check. */
async function checkConstraints(run: RehearsalRun, turn: StepRun, number: number): Promise<void> {
  const checks = await readDeferredChecks(run.session);
  if (checks.length === 0) return;
  const circumstances = {
    unit: 'transaction',
    atomic: true,
    missing: run.missing,
    added: run.added,
  } as const;
  const guarded = mayBeForgiven(circumstances);
  if (guarded) await run.session.execute(`SAVEPOINT ${CHECKS}`);
  try {
    for (const check of checks) await run.session.execute(check);
  } catch (error) {
    const server = error instanceof CompanionError ? error.fields.server : undefined;
    const forgiven = guarded && server && !run.signal?.aborted ? forgive(server, circumstances) : null;
    const unit = turn.step.units[number];
    const last = unit && statementsOf([unit]).at(-1);
    if (!forgiven || !unit || !last) throw error;
    await run.session.execute(`ROLLBACK TO SAVEPOINT ${CHECKS}; RELEASE SAVEPOINT ${CHECKS}`);
    const left = leaveOut(run, turn, { statement: last, unit, number }, forgiven);
    turn.statements.push({ ...left, sql: 'COMMIT, which checks deferred constraints' });
    return;
  }
  if (guarded) await run.session.execute(`RELEASE SAVEPOINT ${CHECKS}`);
}
