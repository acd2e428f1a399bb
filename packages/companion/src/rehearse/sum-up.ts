import { blockedBy, type LockMode, strongestOf } from '../kernel/lock-modes.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import type {
  HeldLock,
  RehearsalSummary,
  RehearsedStatement,
  RehearsedStep,
  StatementLock,
  TableUse,
  Waiter,
} from '../kernel/rehearsal.ts';
import { type DescribedStatement, describeStatement } from './describe-statement.ts';
import type { DoneStatement } from './rehearsal-run.ts';

/** By the relation's shown name: who used it. */
export type Uses = ReadonlyMap<string, readonly TableUse[]>;

type Ending = {
  readonly failed: boolean;
  /** What failed; null or a word for what is between statements. */
  readonly at?: Statement | string | null;
  readonly uses: Uses;
};

/** A migration's report from its statements. Pure. */
export function sumUpStep(
  step: PlanStep,
  done: readonly DoneStatement[],
  { failed, at = null, uses }: Ending,
): RehearsedStep {
  // The server tells locks and rows in the order of its memory: the same rehearsal would be told otherwise each time.
  const statements = done.map((statement) => ({
    ...statement,
    locks: statement.locks.toSorted(strongestFirst),
    rows: statement.rows.toSorted((a, b) => compareText(a.table, b.table)),
  }));
  const left = statements.filter(({ notRehearsed }) => notRehearsed !== undefined).length;
  const ran = statements.length - left;
  const rehearsed = left === 0 ? 'rehearsed' : ran === 0 ? 'not-rehearsed' : 'partly-rehearsed';
  return {
    name: step.migration.name,
    state: failed ? 'failed' : rehearsed,
    transaction: step.transaction,
    durationMs: sum(statements.map(({ durationMs }) => durationMs ?? 0)),
    statements: [
      ...statements.map(({ unit: _, sql, line, column, ...told }) => {
        const state = told.notRehearsed === undefined ? ('rehearsed' as const) : ('not-rehearsed' as const);
        return { sql, line, column, state, ...told };
      }),
      ...(failed ? undone(step, done, at) : []),
    ],
    locks: heldLocks(statements, uses),
  };
}

/** Statements that a rehearsal did not bring to their end. */
function undone(
  step: PlanStep,
  done: readonly DoneStatement[],
  at: Ending['at'] = null,
): readonly RehearsedStatement[] {
  const place = ({ line, column }: DescribedStatement) => `${line}:${column}`;
  const isDone = new Set(done.map(place));
  return statementsOf(step.units).flatMap((statement) => {
    const described = describeStatement(step.migration, statement);
    if (isDone.has(place(described))) return [];
    const state = statement === at ? 'failed' : 'not-run';
    return [{ ...described, state, durationMs: null, locks: [], rewritten: [], rows: [], walBytes: null }];
  });
}

/** A migration that the rehearsal did not come to. Pure. */
export function notReached(step: PlanStep): RehearsedStep {
  const { name } = step.migration;
  const statements = undone(step, []);
  return { name, state: 'not-run', transaction: step.transaction, durationMs: 0, statements, locks: [] };
}

const WEAKEST_TOLD: LockMode = 'Share';

/** Locks at SHARE or above, each from the statement that took it to the end of its transaction. */
function heldLocks(statements: readonly DoneStatement[], uses: Uses): readonly HeldLock[] {
  return statements.flatMap(({ locks, unit }, index) => {
    const heldMs = sum(
      statements.slice(index).map((later) => (later.unit === unit ? (later.durationMs ?? 0) : 0)),
    );
    return locks
      .filter(({ mode }) => strongestOf(mode, WEAKEST_TOLD) === mode)
      .map((lock) => ({
        ...lock,
        heldMs,
        blocks: blockedBy(lock.mode),
        usedBy: (uses.get(lock.relation) ?? []).toSorted(mostFirst),
      }));
  });
}

/** The sum over all migrations. Pure. */
export function sumUp(steps: readonly RehearsedStep[], waited: readonly Waiter[]): RehearsalSummary {
  const reached = steps.filter(({ state }) => state !== 'not-run');
  const statements = reached
    .flatMap((step) => step.statements)
    .filter(({ state }) => state === 'rehearsed' || state === 'not-rehearsed');
  const locks = reached.flatMap(({ name, locks: held }) =>
    held.map((lock) => ({ ...lock, migration: name })),
  );
  const longest = (blocks: HeldLock['blocks']) =>
    locks.filter((lock) => lock.blocks === blocks).reduce<(typeof locks)[number] | null>(longer, null);
  const used = new Map<string, number>();
  for (const lock of new Map(locks.map((one) => [one.relation, one])).values()) {
    // One session may use several tables: the most of any one table is what can be said for certain.
    for (const { application, sessions } of lock.usedBy) {
      used.set(application, Math.max(used.get(application) ?? 0, sessions));
    }
  }
  return {
    migrations: reached.length,
    statements: statements.length,
    notRehearsed: statements.filter(({ notRehearsed }) => notRehearsed !== undefined).length,
    durationMs: sum(reached.map(({ durationMs }) => durationMs)),
    walBytes: sum(statements.map(({ walBytes }) => walBytes ?? 0)),
    rewritten: [...new Set(statements.flatMap(({ rewritten }) => rewritten))].sort(),
    longestLock: longest('reads and writes') ?? longest('writes'),
    wouldWait: [...used].map(([application, sessions]) => ({ application, sessions })).sort(mostFirst),
    waited,
  };
}

function strongestFirst(a: StatementLock, b: StatementLock): number {
  if (a.mode === b.mode) return compareText(a.relation, b.relation);
  return strongestOf(a.mode, b.mode) === a.mode ? -1 : 1;
}

function mostFirst(a: TableUse, b: TableUse): number {
  return b.sessions - a.sessions || compareText(a.application, b.application);
}

/** Not by a locale: it is the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of two that are held as long, the first: where one statement takes both, that is the stronger one. */
function longer<Lock extends HeldLock>(known: Lock | null, next: Lock): Lock {
  return known === null || next.heldMs > known.heldMs ? next : known;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
