import type { MigrateSettings } from '../kernel/migrate-settings.ts';

/** Is this finding one that `--accept` names, by its code alone or by code and name (a migration, row id or pid)? */
export function isAccepted(
  accept: MigrateSettings['accept'],
  code: string,
  name: string | undefined,
): boolean {
  return accept.some((entry) => entry.code === code && (entry.name === null || entry.name === name));
}
