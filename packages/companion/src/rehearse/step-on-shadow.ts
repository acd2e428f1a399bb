import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep, Unit } from '../kernel/plan.ts';
import type { StatementLock } from '../kernel/rehearsal.ts';
import type { PredictedLocks } from '../lint/predict-locks.ts';
import { databaseOf } from '../shadow/about-database.ts';
import type { Shadow } from '../shadow/shadow.ts';
import type { SqlParser } from '../sql/parser.ts';
import { compareMoments } from './compare-moments.ts';
import { type DescribedStatement, describeStatement } from './describe-statement.ts';
import { type Moment, readMoment } from './moment.ts';
import { readRewritten } from './read-rewritten.ts';
import type { DoneStatement } from './rehearsal-run.ts';
import { type Relations, readRelations } from './relations.ts';

/** A statement that failed on the shadow; null: the COMMIT. */
export type ShadowFault = {
  readonly statement: Statement | null;
  readonly transaction: boolean;
  readonly error: CompanionError;
};

type StepInput = {
  readonly step: PlanStep;
  /** By the linter's rules, for statements that commit by themselves: their locks are gone before one can look. */
  readonly predicted: readonly PredictedLocks[];
  readonly parser: SqlParser;
};

/** Runs a migration as `migrate` does, commits and all, and measures each statement. */
export async function stepOnShadow(
  shadow: Shadow,
  { step, predicted, parser }: StepInput,
): Promise<{ readonly statements: readonly DoneStatement[]; readonly fault: ShadowFault | null }> {
  const statements: DoneStatement[] = [];
  for (const [number, unit] of step.units.entries()) {
    const known = await readRelations(shadow);
    const onDone: OnDone = (done, statement) =>
      statements.push({ ...describeStatement(step.migration, statement), unit: number, ...done });
    const turn = { known, predicted, parser };
    const fault =
      unit.kind === 'transaction'
        ? await runTransaction(shadow, unit, turn, onDone)
        : await runAlone(shadow, unit, turn, onDone);
    if (fault !== null) return { statements, fault };
  }
  return { statements, fault: null };
}

type Measured = Omit<DoneStatement, 'unit' | keyof DescribedStatement>;
type OnDone = (measured: Measured, statement: Statement) => void;
type Turn = Omit<StepInput, 'step'> & { readonly known: Relations };

/** A statement about a database itself, by name: the shadow is another. */
function leaveOut(sql: string, parser: SqlParser): Measured | null {
  const database = databaseOf(sql, parser);
  if (database === null) return null;
  const notRehearsed = `it is about the database ${database}, and a shadow is another`;
  return { durationMs: null, locks: [], rewritten: [], rows: [], walBytes: null, notRehearsed };
}

async function runTransaction(
  shadow: Shadow,
  unit: Extract<Unit, { kind: 'transaction' }>,
  { known, parser }: Turn,
  onDone: OnDone,
): Promise<ShadowFault | null> {
  await shadow.execute('BEGIN');
  let moment = await readMoment(shadow, known, null);
  for (const statement of unit.statements) {
    const left = leaveOut(statement.text, parser);
    if (left !== null) {
      onDone(left, statement);
      continue;
    }
    const started = performance.now();
    const error = await attempt(shadow, statement.text);
    if (error !== null) return { statement, transaction: true, error };
    const durationMs = performance.now() - started;
    const after = await readMoment(shadow, known, moment);
    const change = compareMoments(moment, after, known);
    moment = after;
    const locks = [...change.locks].map(([oid, mode]) => ({
      relation: known.get(oid)?.shown ?? '',
      mode,
      measured: true,
    }));
    const { rows, walBytes } = change;
    onDone({ durationMs, locks, rewritten: await readRewritten(shadow, change), rows, walBytes }, statement);
  }
  const error = await attempt(shadow, unit.end === 'commit' ? 'COMMIT' : 'ROLLBACK');
  return error && { statement: null, transaction: true, error };
}

async function runAlone(
  shadow: Shadow,
  { statement }: Extract<Unit, { kind: 'autocommit' }>,
  { known, predicted, parser }: Turn,
  onDone: OnDone,
): Promise<ShadowFault | null> {
  const left = leaveOut(statement.text, parser);
  if (left !== null) {
    onDone(left, statement);
    return null;
  }
  const before = withFiles(await readMoment(shadow, known, null), known);
  const started = performance.now();
  const error = await attempt(shadow, statement.text);
  if (error !== null) return { statement, transaction: false, error };
  const durationMs = performance.now() - started;
  const after = withFiles(await readMoment(shadow, known, null), await readRelations(shadow));
  const { rewritten, walBytes } = compareMoments(before, after, known);
  onDone(
    { durationMs, locks: locksByRule(statement, known, predicted), rewritten, rows: [], walBytes },
    statement,
  );
  return null;
}

/** A moment outside of transactions: every relation's file is known, and no lock. */
function withFiles(moment: Moment, relations: Relations): Moment {
  const files = [...relations].map(([oid, { file }]) => [oid, file] as const);
  return { ...moment, locks: new Map(), rows: new Map(), files: new Map(files) };
}

function locksByRule(
  { offset, text }: Statement,
  known: Relations,
  predicted: readonly PredictedLocks[],
): readonly StatementLock[] {
  const told = predicted
    .filter((one) => one.offset >= offset && one.offset < offset + text.length)
    .flatMap(({ locks }) => locks);
  return told.flatMap(({ relation: { schema, name }, mode }) => {
    const relation = [...known.values()].find(
      (one) => one.kind === 'table' && one.name === name && one.schema === (schema ?? 'public'),
    );
    return relation === undefined ? [] : [{ relation: relation.shown, mode, measured: false }];
  });
}

/** What PostgreSQL or the provider has against the statement; a shadow that is lost, or an interruption, is thrown. */
async function attempt(shadow: Shadow, sql: string): Promise<CompanionError | null> {
  try {
    await shadow.execute(sql);
    return null;
  } catch (error) {
    if (!(error instanceof CompanionError) || error.code === 'connection-lost') throw error;
    if (error.fields.server === undefined && error.code !== 'shadow-unavailable') throw error;
    return error;
  }
}
