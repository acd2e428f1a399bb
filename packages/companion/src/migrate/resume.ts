import { createHash } from 'node:crypto';
import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep } from '../kernel/plan.ts';
import type { RunFact } from '../kernel/status.ts';
import { locateOffset } from '../sql/locate.ts';
import { statementsOf } from './run-context.ts';

export type ResumePoint = {
  /** Index of the first unit to run. */
  readonly unit: number;
  /** Statements that an earlier run completed. */
  readonly statementsDone: number;
  /** The earlier run ended inside this unit, and its outcome is not recorded. */
  readonly inFlight: boolean;
};

export function hashStatement(statement: Statement): string {
  return createHash('sha256').update(statement.text).digest('hex').slice(0, 16);
}

/**
 * Where a migration without a transaction goes on after a broken run. The statement that failed may have been mended
 * since; one that was done may not. Throws `resume-refused`. Pure.
 */
export function findResumePoint(step: PlanStep, fact: RunFact | undefined): ResumePoint {
  if (!fact || fact.finishedAt !== null) return { unit: 0, statementsDone: 0, inFlight: false };
  const statements = statementsOf(step.units);
  const changed = fact.doneHashes.findIndex((hash, index) => {
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
  let done = 0;
  let unit = 0;
  for (const next of step.units) {
    const size = next.kind === 'transaction' ? next.statements.length : 1;
    if (done + size > fact.statementsDone) break;
    done += size;
    unit += 1;
  }
  return { unit, statementsDone: done, inFlight: fact.inFlight };
}
