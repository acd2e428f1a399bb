import { CompanionError } from '../kernel/errors.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import { ACCEPTABLE } from './accept.ts';

/** The error for a plan that must not be applied; nothing has been changed yet. */
export function refuse(plan: MigratePlan): CompanionError {
  const { refusals } = plan;
  const accept = refusals
    .filter(({ code }) => ACCEPTABLE.includes(code))
    .map(({ code, migration, row }) => `--accept ${code}${migration || row ? `:${migration ?? row}` : ''}`);
  const overlook = ` When you know it to be harmless, overlook just this, once: ${[...new Set(accept)].join(' ')}`;
  return new CompanionError('history-refused', {
    message: `Refused: files and database contradict each other in ${refusals.length === 1 ? 'one place' : `${refusals.length} places`}.`,
    findings: refusals,
    state: ['Nothing was changed.'],
    hint: `See it all with \`drizzle-companion status\`.${accept.length > 0 ? overlook : ''}`,
    fix: 'drizzle-companion status',
  });
}
