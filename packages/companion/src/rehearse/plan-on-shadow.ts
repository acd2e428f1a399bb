import { diagnoseForRun } from '../check/diagnose-history.ts';
import type { FolderReading } from '../folder/read-migration-folder.ts';
import type { Comparison } from '../kernel/comparison.ts';
import type { Ledger, LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import { compareLedger } from '../ledger/compare-ledger.ts';
import { planMigrate, selectMissing } from '../migrate/plan-migrate.ts';
import { shapeSteps } from '../migrate/shape-steps.ts';

export type ShadowPlan = {
  readonly plan: MigratePlan;
  /** What stock drizzle would run of it: it skips what is older than the newest that is applied. */
  readonly stock: readonly MigrationOnDisk[];
};

type PlanInput = {
  readonly ledger: LedgerAddress;
  readonly settings: MigrateSettings;
  readonly now: number;
};

/**
 * What `migrate` will do where the migrations of `base` are applied and nothing else: planned as a run is, by a ledger that
 * such a database has.
 */
export async function planOnShadow(
  { folder, history }: FolderReading,
  base: readonly MigrationOnDisk[],
  { ledger, settings, now }: PlanInput,
): Promise<ShadowPlan> {
  const compared = compareLedger(folder, ledgerOf(ledger, folder, base), now);
  const comparison: Comparison = {
    ...compared,
    findings: [...diagnoseForRun(history, now), ...compared.findings],
  };
  const missing = selectMissing(comparison, settings);
  const { steps, findings: shaping } = await shapeSteps(missing);
  const isStock = new Set(
    comparison.migrations
      .filter(({ stockDrizzle }) => stockDrizzle === 'would-apply')
      .map(({ migration }) => migration),
  );
  return {
    plan: planMigrate({ comparison, steps, shaping, settings }),
    stock: missing.filter((migration) => isStock.has(migration)),
  };
}

/** As `migrate` would have written it. */
function ledgerOf(
  address: LedgerAddress,
  { layout }: MigrationFolder,
  base: readonly MigrationOnDisk[],
): Ledger {
  const isNamed = layout === 'folders';
  return {
    ...address,
    version: base.length === 0 ? null : isNamed ? 1 : 0,
    rows: base.map(({ name, hash, when }, index) => ({
      id: `${index + 1}`,
      hash,
      createdAt: when,
      name: isNamed ? name : null,
      appliedAt: null,
    })),
  };
}
