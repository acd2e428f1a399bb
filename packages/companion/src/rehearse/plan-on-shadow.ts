import { diagnoseForRun } from '../check/diagnose-history.ts';
import type { FolderReading } from '../folder/read-migration-folder.ts';
import type { Comparison } from '../kernel/comparison.ts';
import type { Finding } from '../kernel/finding.ts';
import type { Ledger, LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import type { MigratePlan } from '../kernel/plan.ts';
import { compareLedger } from '../ledger/compare-ledger.ts';
import { planMigrate, selectMissing } from '../migrate/plan-migrate.ts';
import { shapeSteps } from '../migrate/shape-steps.ts';
import { compareWithFrom } from './compare-with-from.ts';
import type { From } from './read-from.ts';

export type ShadowPlan = {
  readonly plan: MigratePlan;
  /** What runs first, and is not rehearsed. */
  readonly base: readonly MigrationOnDisk[];
  /** What stock drizzle would run of it: it skips what is older than the newest that is applied. */
  readonly stock: readonly MigrationOnDisk[];
};

type PlanInput = {
  readonly ledger: LedgerAddress;
  readonly settings: MigrateSettings;
  readonly now: number;
};

/**
 * What `migrate` will do on an empty database; or where the migrations of a commit are applied and nothing else: planned as
 * a run is, by a ledger that such a database has.
 */
export async function planOnShadow(
  { folder, history }: FolderReading,
  from: From | null,
  { ledger, settings, now }: PlanInput,
): Promise<ShadowPlan> {
  const compare = (base: readonly MigrationOnDisk[]) =>
    compareLedger(folder, ledgerOf(ledger, folder, base), now);
  const { base, compared, findings } =
    from === null ? { base: [], compared: compare([]), findings: [] } : compareWithFrom(from, compare);
  const comparison: Comparison = { ...compared, findings: diagnoseForRun(history, now) };
  const missing = selectMissing(comparison, settings);
  const { steps, findings: shaping } = await shapeSteps(missing);
  const isStock = new Set(
    comparison.migrations
      .filter(({ stockDrizzle }) => stockDrizzle === 'would-apply')
      .map(({ migration }) => migration),
  );
  const plan = planMigrate({ comparison, steps, shaping, settings });
  const isRefused = (finding: Finding) => finding.level === 'error' && !isOverlooked(finding, settings);
  return {
    plan: {
      ...plan,
      findings: [...findings.filter((finding) => !isRefused(finding)), ...plan.findings],
      refusals: [...findings.filter(isRefused), ...plan.refusals],
    },
    base,
    stock: missing.filter((migration) => isStock.has(migration)),
  };
}

/** As `migrate` calls what it will meet on a database that has the commit's migrations. */
const ACCEPTED_AS: Readonly<Record<string, string>> = {
  'git/edited': 'ledger/edited',
  'git/deleted': 'ledger/stray',
};

function isOverlooked({ code, migration }: Finding, { accept }: MigrateSettings): boolean {
  return accept.some(
    (entry) => entry.code === ACCEPTED_AS[code] && (entry.name === null || entry.name === migration),
  );
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
