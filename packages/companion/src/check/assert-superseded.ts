import { basename } from 'node:path';
import type { MigrationFolder } from '../kernel/migration.ts';
import { renderSuggestion } from '../kernel/nearest.ts';
import type { CompanionSettings } from '../settings/companion-config.ts';
import { buildFaultsError, type Fault, hasFaults } from '../settings/fault.ts';

type Names = Pick<MigrationFolder, 'migrations' | 'missing'> & {
  /** Names of `.sql` files, those that no journal entry names among them. */
  readonly files: readonly string[];
};

/**
 * `supersededBy`, held against the migrations there are. Pure.
 * @throws CompanionError `settings-invalid` that tells every name that is wrong.
 */
export function assertSuperseded({ file, supersededBy }: CompanionSettings, names: Names): void {
  const label = file === null ? '' : basename(file);
  const order = names.migrations.map(({ name }) => name);
  const known = new Set([
    ...order,
    ...names.missing.map(({ name }) => name),
    ...names.files.map((name) => name.replace(/\.sql$/, '')),
  ]);
  const faults: Fault[] = [];
  for (const [name, later] of supersededBy) {
    const source = `${label}: supersededBy["${name}"]`;
    if (!known.has(name)) {
      const hint = renderSuggestion(name, [...known]);
      faults.push({ source, message: `neither journal nor folder knows ${name}${hint}` });
    }
    if (!order.includes(later)) {
      faults.push({ source, message: `there is no migration ${later}${renderSuggestion(later, order)}` });
    } else if (order.includes(name) && order.indexOf(later) <= order.indexOf(name)) {
      faults.push({ source, message: `${later} does not come after ${name}` });
    }
  }
  if (hasFaults(faults)) throw buildFaultsError({ code: 'settings-invalid', faults });
}
