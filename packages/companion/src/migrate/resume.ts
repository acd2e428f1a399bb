import { createHash } from 'node:crypto';
import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import type { RunFact } from '../kernel/status.ts';
import { locateOffset } from '../sql/locate.ts';
import { skipBlank } from '../sql/skip-blank.ts';

export type ResumePoint = {
  /** Index of the first unit to run. */
  readonly unit: number;
  /** Statements that an earlier run completed. */
  readonly statementsDone: number;
  /** The earlier run ended inside this very statement, and its outcome is not recorded. */
  readonly inFlight: boolean;
  /** Settings that statements done made in the session that is gone: to be made again. */
  readonly settings: readonly Statement[];
};

export function hashStatement(statement: Statement): string {
  return createHash('sha256').update(statement.text).digest('hex').slice(0, 16);
}

/**
 * Where a migration without a transaction goes on after a broken run. The statement that failed may have been mended
 * since; one that was done may not. Throws `resume-refused`. Pure.
 */
export function findResumePoint(step: PlanStep, fact: RunFact | undefined): ResumePoint {
  if (!fact || fact.finishedAt !== null) return { unit: 0, statementsDone: 0, inFlight: false, settings: [] };
  const statements = statementsOf(step.units);
  const changed = fact.doneHashes.slice(0, fact.statementsDone).findIndex((hash, index) => {
    const statement = statements[index];
    return statement === undefined || hashStatement(statement) !== hash;
  });
  if (changed !== -1) {
    const statement = statements[changed];
    throw new CompanionError('resume-refused', {
      message: `${step.migration.name} stopped after ${fact.statementsDone} of ${fact.statements} statements, and statement ${changed + 1}, which was done, has been changed since.`,
      migration: step.migration.name,
      place: { file: step.migration.file, ...locateOffset(step.migration.sql, statement?.offset ?? 0) },
      hint: 'Restore the statements that were done; those after them may change. Or finish the migration by hand and record it.',
      fix: `drizzle-companion repair mark-applied ${step.migration.name}`,
    });
  }
  const done = statements.slice(0, fact.statementsDone);
  const temporary = done.find((statement) => statement.leaves === 'temporary');
  if (temporary) throw temporaryGone(step, temporary);
  const next = statements[fact.statementsDone];
  const inFlight =
    fact.inFlight && next !== undefined && hashStatement(next) === fact.doneHashes[fact.statementsDone];
  const settings = done.filter((statement) => statement.leaves === 'setting');
  return { ...findUnit(step, fact.statementsDone), inFlight, settings };
}

/** The first unit that is not wholly done. */
function findUnit(
  step: PlanStep,
  statementsDone: number,
): { readonly unit: number; readonly statementsDone: number } {
  let done = 0;
  for (const [unit, next] of step.units.entries()) {
    const size = next.kind === 'transaction' ? next.statements.length : 1;
    if (done + size > statementsDone) return { unit, statementsDone: done };
    done += size;
  }
  return { unit: step.units.length, statementsDone: done };
}

function temporaryGone({ migration }: PlanStep, { offset }: Statement): CompanionError {
  return new CompanionError('resume-refused', {
    message: `${migration.name} stopped half-way, and what follows may need the temporary object that it made here; that one is gone with its session.`,
    migration: migration.name,
    place: { file: migration.file, ...locateOffset(migration.sql, skipBlank(migration.sql, offset)) },
    hint: 'Finish the migration by hand, and record it as applied; or undo what is done, and delete its row from __drizzle_companion.',
    fix: `drizzle-companion repair mark-applied ${migration.name}`,
  });
}
