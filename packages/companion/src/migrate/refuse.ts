import { CompanionError } from '../kernel/errors.ts';
import type { MigratePlan } from '../kernel/plan.ts';

/** The error for a plan that must not be applied; nothing has been changed yet. */
export function refuse(plan: MigratePlan): CompanionError {
  const { refusals } = plan;
  const accept = refusals.map((finding) => {
    const name = finding.migration ?? finding.row;
    return `--accept ${finding.code}${name ? `:${name}` : ''}`;
  });
  return new CompanionError('history-refused', {
    message: `Refused: files and database contradict each other in ${refusals.length === 1 ? 'one place' : `${refusals.length} places`}.`,
    findings: refusals,
    state: ['Nothing was changed.'],
    hint: `See it all with \`drizzle-companion status\`. When you know it to be harmless, overlook just this, once: ${[...new Set(accept)].join(' ')}`,
    fix: 'drizzle-companion status',
  });
}
