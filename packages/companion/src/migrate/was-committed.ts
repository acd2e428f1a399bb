import type { CompanionError } from '../kernel/errors.ts';
import type { PlanStep } from '../kernel/plan.ts';
import { buildCountRowSql } from '../ledger/ledger-sql.ts';
import type { RunContext } from './run-context.ts';

/**
 * Is a step that failed at its last message applied all the same? A cancel that comes between the COMMIT and the end of
 * that message fails the message, and the migration stays. The ledger knows; when it cannot be asked, nothing is claimed.
 */
export async function wasCommitted(
  context: RunContext,
  step: PlanStep,
  failure: { readonly at: unknown; readonly error: CompanionError },
): Promise<boolean> {
  if (failure.at !== 'commit' || failure.error.code === 'connection-lost') return false;
  const ask = () => context.session.query(buildCountRowSql(context.ledger, step.migration));
  // Once more, as another cancel may hit the question.
  const rows = await ask().catch(() => ask().catch(() => []));
  return Number(rows[0]?.[0] ?? 0) > 0;
}
