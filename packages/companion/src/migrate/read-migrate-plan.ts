import { DEFAULT_MIGRATE_SETTINGS } from '../kernel/migrate-settings.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import type { StatusReport } from '../kernel/status.ts';
import { readStatus } from '../status/read-status.ts';
import { planMigrate, selectMissing } from './plan-migrate.ts';
import { shapeSteps } from './shape-steps.ts';

/** What `migrate` would do now; takes no lock and changes nothing. */
export async function readMigratePlan(
  options: MigrateOptions,
): Promise<{ plan: MigratePlan; status: StatusReport }> {
  const settings = { ...DEFAULT_MIGRATE_SETTINGS, ...options };
  const status = await readStatus(options);
  const shaped = await shapeSteps(selectMissing(status.comparison, settings));
  const plan = planMigrate({
    comparison: status.comparison,
    history: [],
    steps: shaped.steps,
    shaping: shaped.findings,
    settings,
  });
  return { plan, status };
}
