import { CompanionError } from '../kernel/errors.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import { renderSuggestion } from '../kernel/nearest.ts';

/** What may be overlooked once. The rest is refused for good: going on would do something else than the files say. */
export const ACCEPTABLE = [
  'database/exclusive-lock',
  'database/old-transaction',
  'history/duplicate-when',
  'history/missing-file',
  'ledger/duplicate',
  'ledger/edited',
  'ledger/foreign',
  'ledger/stray',
];

/** Is this finding one that `--accept` names, by its code alone or by code and name (a migration, row id or pid)? */
export function isAccepted(
  accept: MigrateSettings['accept'],
  code: string,
  name: string | undefined,
): boolean {
  if (!ACCEPTABLE.includes(code)) return false;
  return accept.some((entry) => entry.code === code && (entry.name === null || entry.name === name));
}

/** Throws `usage-invalid` for a code that nothing would be accepted by. */
export function refuseUnknownAccept(accept: MigrateSettings['accept']): void {
  const unknown = accept.find(({ code }) => !ACCEPTABLE.includes(code));
  if (!unknown) return;
  throw new CompanionError('usage-invalid', {
    message: `--accept ${unknown.code}: that cannot be accepted${renderSuggestion(unknown.code, ACCEPTABLE)}`,
    hint: `What can: ${ACCEPTABLE.join(', ')}.`,
  });
}
