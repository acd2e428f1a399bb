import type { LintStatement } from '../migration.ts';
import { settingChanges } from './setting-changes.ts';

/** Names of the time zone that is always at offset zero, in lower case. */
const UTC: ReadonlySet<string> = new Set(['utc', 'gmt', 'etc/utc', 'etc/gmt', 'zulu', 'uct', '0']);

/** Does the migration set the session's time zone to UTC before the statement? */
export function isSessionUtc({ migration, index, transaction }: LintStatement): boolean {
  const changes = migration.statements
    .filter((one) => one.index < index)
    .flatMap((one) => settingChanges(one))
    .filter(({ name, local, statement }) => {
      const counts = !local || (transaction !== null && statement.transaction === transaction);
      return counts && (name === 'timezone' || name === 'all');
    });
  const last = changes.at(-1);
  return last?.kind === 'set' && UTC.has(last.values?.[0]?.toLowerCase() ?? '');
}
