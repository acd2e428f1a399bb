import { type Advice, explainError } from '../database/explain-error.ts';
import { CompanionError, type Culprit } from '../kernel/errors.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { Statement } from '../kernel/place.ts';
import type { PlanStep } from '../kernel/plan.ts';
import { describeMissingRight } from '../ledger/missing-right.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { renderSnippet } from '../sql/render-snippet.ts';

export type FailureContext = {
  readonly step: PlanStep;
  /** The statement that failed, or null when it was none of the user's: the guard, the record, the COMMIT. */
  readonly statement: Statement | null;
  readonly during?: string;
  readonly role: string;
  readonly database: string;
  readonly ledger: LedgerAddress;
  readonly attempts: number;
  readonly culprits: readonly Culprit[];
  /** What is so now: rolled back, statements done. */
  readonly state: readonly string[];
};

/** A failed step as the error the user sees: place, caret, cause, state, advice. Pure. */
export function describeFailure(error: CompanionError, context: FailureContext): CompanionError {
  const { step, statement } = context;
  const { migration } = step;
  const { server } = error.fields;
  const state = [...context.state, ...(error.fields.state ?? [])];
  if (error.code === 'connection-lost' || error.code.startsWith('interrupted')) {
    const lost = error.code === 'connection-lost';
    const said = error.with({
      migration: migration.name,
      state: lost
        ? [
            `Whether ${migration.name} was committed is not known; its ledger row tells, as it commits with the migration.`,
          ]
        : state,
      ...(lost && {
        hint: 'Run migrate again: it goes on from what the ledger holds.',
        fix: 'drizzle-companion migrate',
      }),
    });
    return said;
  }
  const busy = server?.sqlstate === '55P03' || server?.sqlstate === '40P01';
  const offset =
    statement === null
      ? 0
      : statement.offset + (server?.position ? offsetOfPosition(statement.text, server.position) : 0);
  const place = { file: migration.file, ...locateOffset(migration.sql, offset) };
  const recording = statement === null && server?.sqlstate === '42501';
  const advice: Advice | undefined = recording
    ? describeMissingRight('write', context.ledger, context)
    : server && explainError(server, { transaction: step.transaction, role: context.role });
  const tries = context.attempts > 1 ? ` (${context.attempts} tries)` : '';
  const failed = new CompanionError(busy ? 'table-busy' : 'migration-failed', {
    message: `${migration.name} failed${tries}: ${error.message}${statement === null && context.during ? ` (${context.during})` : ''}`,
    migration: migration.name,
    place,
    ...(statement && { statement: statement.text, snippet: renderSnippet(migration.sql, offset) }),
    ...(server && { server }),
    ...(context.culprits.length > 0 && { culprits: context.culprits }),
    ...(advice && { hint: advice.hint }),
    ...(advice?.fix !== undefined && { fix: advice.fix }),
    state,
    cause: error,
  });
  failed.suppressed.push(...error.suppressed);
  return failed;
}
