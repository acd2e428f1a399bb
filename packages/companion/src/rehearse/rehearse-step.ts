import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import { findResumePoint } from '../migrate/resume.ts';
import { readDeferredChecks } from './deferred-constraints.ts';
import { type AddedValue, forgive, mayBeForgiven } from './forgive.ts';
import { judgeStatement } from './judge-statement.ts';
import { localSettings, readRestoringSql } from './local-settings.ts';
import type { RehearsalFailure, RehearsalRun, StepRun } from './rehearsal-run.ts';
import { leaveOut, rehearseStatement, type Turn } from './rehearse-statement.ts';
import type { Asker } from './relations.ts';

const UNIT = 'drizzle_companion_unit';
const COMMIT = 'drizzle_companion_commit';

/** Executes one migration inside the transaction of the rehearsal. @returns why it failed, or null. */
export async function rehearseStep(run: RehearsalRun, turn: StepRun): Promise<RehearsalFailure | null> {
  const { step } = turn;
  const { session } = run;
  let at: Statement | 'begin' | 'commit' = 'begin';
  let statementsDone = 0;
  try {
    const resume = step.transaction ? null : findResumePoint(step, run.facts.get(step.migration.name));
    const restore = await readRestoringSql(session, localNames(run, step));
    const settings = Object.entries(run.sessionSettings).map(([name, ms]) => `SET LOCAL ${name} = ${ms}`);
    await session.execute(settings.join('; '));
    for (const { text } of resume?.settings ?? []) await session.execute(text);
    for (const [number, unit] of step.units.entries()) {
      turn.held = new Map();
      const isDone = number < (resume?.unit ?? 0);
      const isUndone = unit.kind === 'transaction' && unit.end === 'rollback';
      if (isUndone) await session.execute(`SAVEPOINT ${UNIT}`);
      for (const statement of statementsOf([unit])) {
        at = statement;
        const next: Turn = { statement, unit, number };
        turn.statements.push(
          isDone
            ? leaveOut(run, turn, next, { reason: 'an earlier run has done it', missing: 'nothing' })
            : await rehearseStatement(run, turn, next),
        );
        statementsDone += 1;
        run.onProgress();
      }
      at = 'commit';
      if (isUndone) await session.execute(`ROLLBACK TO SAVEPOINT ${UNIT}; RELEASE SAVEPOINT ${UNIT}`);
      else if (!isDone) await checkCommit(run, turn, number);
    }
    await session.execute(run.pin);
    if (restore !== null) await session.execute(restore);
    await noteValues(run);
    return null;
  } catch (error) {
    if (!isOfMigration(error)) throw error;
    return { error, at, statementsDone, step };
  }
}

/** What `migrate` would tell as a failure of the migration. A resume that is refused is none. */
function isOfMigration(error: unknown): error is CompanionError {
  if (!(error instanceof CompanionError)) return false;
  const { code, fields } = error;
  return fields.server !== undefined || code === 'connection-lost' || code.startsWith('interrupted');
}

function localNames(run: RehearsalRun, step: PlanStep): readonly string[] {
  return statementsOf(step.units).flatMap((statement) =>
    localSettings(judgeStatement(statement, run.parser).node),
  );
}

/** Checks what a COMMIT would check. */
async function checkCommit(run: RehearsalRun, turn: StepRun, number: number): Promise<void> {
  const checks = await readDeferredChecks(run.session);
  if (checks.length === 0) return;
  const circumstances = {
    unit: 'transaction',
    atomic: true,
    missing: run.missing,
    added: run.added,
  } as const;
  const guarded = mayBeForgiven(circumstances);
  if (guarded) await run.session.execute(`SAVEPOINT ${COMMIT}`);
  try {
    for (const check of checks) await run.session.execute(check);
  } catch (error) {
    const server = error instanceof CompanionError ? error.fields.server : undefined;
    const forgiven = guarded && server && !run.signal?.aborted ? forgive(server, circumstances) : null;
    const unit = turn.step.units[number];
    const last = unit && statementsOf([unit]).at(-1);
    if (!forgiven || !unit || !last) throw error;
    await run.session.execute(`ROLLBACK TO SAVEPOINT ${COMMIT}; RELEASE SAVEPOINT ${COMMIT}`);
    const left = leaveOut(run, turn, { statement: last, unit, number }, forgiven);
    turn.statements.push({ ...left, sql: 'COMMIT, which checks deferred constraints' });
    return;
  }
  if (guarded) await run.session.execute(`RELEASE SAVEPOINT ${COMMIT}`);
}

const VALUES = `SELECT e.oid::text, t.typname::text, e.enumlabel::text
FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid`;
const COUNT = 'SELECT count(*)::text FROM pg_catalog.pg_enum';

/** Values that migrations of the rehearsal have added so far: in `migrate` they are committed now. */
async function noteValues(run: RehearsalRun): Promise<void> {
  const [[count] = []] = await run.session.query(COUNT);
  if (Number(count) === run.valueCount) return;
  run.valueCount = Number(count);
  const rows = await run.session.query(VALUES);
  run.added = rows
    .filter(([oid]) => !run.values.has(oid ?? ''))
    .map(([, type, label]): AddedValue => ({ type: type ?? '', label: label ?? '' }));
}

/** The enum values that there are, by object id. */
export async function readValues(asker: Asker): Promise<ReadonlySet<string>> {
  const rows = await asker.query('SELECT oid::text FROM pg_catalog.pg_enum');
  return new Set(rows.map(([oid]) => oid ?? ''));
}
