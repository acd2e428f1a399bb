import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import { statementsOf } from '../kernel/plan.ts';
import { findResumePoint } from '../migrate/resume.ts';
import type { AddedValue } from './forgive.ts';
import { isAtomic, type RehearsalFailure, type RehearsalRun, type StepRun } from './rehearsal-run.ts';
import { rehearseBegin, rehearseCommit, rehearseRollback } from './rehearse-commit.ts';
import { writeRecords } from './rehearse-ledger.ts';
import { leaveOut, look, rehearseStatement, type Turn } from './rehearse-statement.ts';
import type { Asker } from './relations.ts';
import { readSessionState } from './session-state.ts';

/** Executes one migration inside the transaction of the rehearsal. @returns why it failed, or null. */
export async function rehearseStep(run: RehearsalRun, turn: StepRun): Promise<RehearsalFailure | null> {
  const { step } = turn;
  let at: Statement | 'begin' | 'commit' = 'begin';
  let statementsDone = 0;
  try {
    const resume = step.transaction ? null : findResumePoint(step, run.facts.get(step.migration.name));
    const first = resume?.unit ?? 0;
    await setUp(run, resume?.settings ?? []);
    for (const [number, unit] of step.units.entries()) {
      const isDone = number < first;
      const isUndone = unit.kind === 'transaction' && unit.end === 'rollback';
      turn.held = new Map();
      if (!isDone) await rehearseBegin(run, turn);
      for (const statement of statementsOf([unit])) {
        at = statement;
        const next: Turn = { statement, unit, number };
        turn.statements.push(
          isDone
            ? leaveOut(run, turn, next, { reason: 'an earlier run has done it', missing: [] })
            : await rehearseStatement(run, turn, next),
        );
        statementsDone += 1;
        run.onProgress();
      }
      if (isDone) continue;
      at = 'commit';
      const records = { done: statementsDone, isLast: number === step.units.length - 1 };
      const sharesCommit = isAtomic(unit) && !isUndone;
      if (sharesCommit) await writeRecords(run, step, records);
      await (isUndone ? rehearseRollback(run) : rehearseCommit(run, turn, number));
      if (!sharesCommit) await writeRecords(run, step, records);
      await look(run);
    }
    at = 'commit';
    if (first >= step.units.length) await writeRecords(run, step, { done: statementsDone, isLast: true });
    await noteValues(run);
    return null;
  } catch (error) {
    if (!isOfMigration(error)) throw error;
    return { error, at, statementsDone, step };
  }
}

/** The session as `migrate` gives it to a migration. @param again settings that a broken run has lost with its session. */
async function setUp(run: RehearsalRun, again: readonly Statement[]): Promise<void> {
  const { session, sessionSettings, ownSettings, keeps } = run;
  const settings = Object.entries(sessionSettings).map(([name, ms]) => [name, `${ms}`] as const);
  await session.execute(settings.map(([name, ms]) => `SET LOCAL ${name} = ${ms}`).join('; '));
  run.keeps = { ...keeps, settings: new Map([...keeps.settings, ...settings]) };
  if (again.length === 0) return;
  for (const { text } of again) await session.execute(text);
  await look(run);
  const state = await readSessionState(session, { ownSettings, temporaryTables: [] });
  run.keeps = { ...keeps, settings: state.settings };
}

/** What `migrate` would tell as a failure of the migration. A resume that is refused is none. */
function isOfMigration(error: unknown): error is CompanionError {
  if (!(error instanceof CompanionError)) return false;
  const { code, fields } = error;
  return fields.server !== undefined || code === 'connection-lost' || code.startsWith('interrupted');
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
