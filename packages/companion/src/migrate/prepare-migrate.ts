import { inspect } from 'node:util';
import type { Session } from '../database/session.ts';
import type { FolderReading } from '../folder/read-migration-folder.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import { DEFAULT_MIGRATE_SETTINGS, type MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import type { StatusReport } from '../kernel/status.ts';
import { refuseUpgrade } from '../ledger/match-upgrade.ts';
import { readStatusWith } from '../status/read-status.ts';
import { refuseUnknownAccept } from './accept.ts';
import { planMigrate, selectMissing } from './plan-migrate.ts';
import { shapeSteps } from './shape-steps.ts';

export type Prepared = { readonly status: StatusReport; readonly plan: MigratePlan };

/**
 * Reads the ledger and plans; changes nothing. The same for a run, under its lock, and for `--plan`.
 * Throws `ledger-refused` when a version 0 ledger under the 1.x layout could not be upgraded, `usage-invalid` for a `to`
 * that no migration has.
 */
export async function prepareMigrate(
  session: Session,
  reading: FolderReading,
  address: LedgerAddress,
  settings: MigrateSettings,
): Promise<Prepared> {
  const status = await readStatusWith(session, reading, address);
  refuseUpgrade(status.ledger, status.folder);
  const shaped = await shapeSteps(selectMissing(status.comparison, settings));
  const { steps, findings: shaping } = shaped;
  return { status, plan: planMigrate({ comparison: status.comparison, steps, shaping, settings }) };
}

/** The caller's settings over the defaults. Throws `settings-invalid` and `usage-invalid` for what no run may be given. */
export function completeSettings(options: MigrateOptions): MigrateSettings {
  const keys = Object.keys(DEFAULT_MIGRATE_SETTINGS) as (keyof MigrateSettings)[];
  const given = keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]] as const);
  const faults = given.flatMap(([key, value]) => faultOf(key, value));
  if (faults.length > 0) throw new CompanionError('settings-invalid', { message: faults.join(' ') });
  const settings: MigrateSettings = { ...DEFAULT_MIGRATE_SETTINGS, ...Object.fromEntries(given) };
  refuseEndlessWait(settings);
  refuseUnknownAccept(settings.accept);
  return settings;
}

/** JavaScript lets any value through. */
function faultOf(key: keyof MigrateSettings, value: unknown): readonly string[] {
  const byDefault = DEFAULT_MIGRATE_SETTINGS[key];
  const [isRight, wanted] =
    byDefault === null
      ? [value === null || typeof value === 'string', 'the name of a migration']
      : Array.isArray(byDefault)
        ? [Array.isArray(value), 'a list of { code, name }']
        : typeof byDefault === 'number'
          ? [typeof value === 'number' && value >= 0, 'a number, 0 or more']
          : [typeof value === 'boolean', 'true or false'];
  return isRight ? [] : [`The option ${key} must be ${wanted}, and is ${inspect(value)}.`];
}

/** PostgreSQL takes 0 for no limit: a migration that waits for its lock that long stops everybody behind it. */
function refuseEndlessWait({ lockTimeoutMs }: MigrateSettings): void {
  if (lockTimeoutMs >= 1) return;
  throw new CompanionError('usage-invalid', {
    message: `A lock timeout of ${lockTimeoutMs} ms (--lock-timeout, lockTimeoutMs): a migration never waits for a lock without a limit.`,
    hint: 'Give it as long as your readers can wait, e.g. --lock-timeout 30s.',
  });
}
