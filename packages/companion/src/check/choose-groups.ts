import type { CheckGroup } from '../kernel/check.ts';
import { buildFaultsError, type Fault, hasFaults } from '../settings/fault.ts';
import type { CheckOptions } from './options.ts';

export type Groups = {
  /** To be looked at. */
  readonly wanted: ReadonlySet<CheckGroup>;
  /** Asked for by name: not being able to look at one of them is no success. */
  readonly asked: ReadonlySet<CheckGroup>;
};

const OFFLINE: readonly CheckGroup[] = ['history', 'snapshots', 'drift', 'git', 'lint'];

/**
 * Which groups a run is about. Pure.
 * @throws CompanionError `usage-invalid` for flags that contradict each other.
 */
export function chooseGroups({
  only,
  staged,
  base,
  database,
  deep,
  shadowUrl,
}: Pick<CheckOptions, 'only' | 'staged' | 'base' | 'database' | 'deep' | 'shadowUrl'>): Groups {
  const faults: Fault[] = [];
  if (only.includes('database') && !database) {
    const message = 'needs a database, and check is offline by itself';
    faults.push({ source: '--only database', message, hint: 'Say so: --database --only database.' });
  }
  if (staged && base !== null) {
    const message = 'are two questions: the next commit is held against HEAD, a branch against its base';
    faults.push({ source: '--staged, --base', message });
  }
  if (base !== null && only.length > 0 && !only.includes('git') && !only.includes('lint')) {
    faults.push({ source: '--base', message: 'is for the groups git and lint, which --only leaves out' });
  }
  if (deep && only.length > 0 && !only.includes('snapshots')) {
    faults.push({ source: '--deep', message: 'is for the group snapshots, which --only leaves out' });
  }
  if (shadowUrl !== null && !deep && !database) {
    const message = 'is for --database and --deep, and neither is asked for';
    faults.push({ source: '--shadow-url', message });
  }
  if (hasFaults(faults)) throw buildFaultsError({ code: 'usage-invalid', faults });
  const asked = new Set(only);
  if (base !== null && (only.length === 0 || only.includes('git'))) asked.add('git');
  if (database) asked.add('database');
  if (deep) asked.add('snapshots');
  const wanted = new Set(only.length === 0 ? OFFLINE : only);
  if (database) wanted.add('database');
  return { wanted, asked };
}
