import { DISK_TREE } from '../../folder/disk-tree.ts';
import type { History } from '../../folder/history.ts';
import { buildLintSettings } from '../../lint/build-lint-settings.ts';
import type { CompanionSettings } from '../../settings/companion-config.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Merged } from '../git/read-merged.ts';
import { describeUnknownTables } from './describe-unknown-tables.ts';
import { planFolder } from './plan-folder.ts';

type LintInput = {
  readonly history: History;
  readonly companion: CompanionSettings;
  readonly merged: Merged;
  readonly applied: ReadonlySet<string> | null;
};

/** The migrations that are new, judged by all rules. Nothing of the linter is loaded where none is. */
export async function diagnoseLint({ history, companion, merged, applied }: LintInput): Promise<Diagnosis> {
  if (history.journal === null && history.layout === 'journal') {
    const reason = 'the journal cannot be read';
    return { findings: [], notChecked: [{ group: 'lint', reason }], notes: [] };
  }
  const plan = planFolder({ history, tree: DISK_TREE, merged, applied, wanted: 'new' });
  const { job, note, notChecked, unlinted } = plan;
  const isFailure = merged.kind === 'cut off' ? { isFailure: true } : {};
  // That everything is merged needs no word; that it was taken for it does.
  const isSaid = job !== null || (merged.kind === 'absent' && applied === null);
  const told = {
    notChecked: notChecked === null ? [] : [{ group: 'lint' as const, reason: notChecked, ...isFailure }],
    notes: note === null || !isSaid ? [] : [note],
    unlinted,
  };
  if (job === null) return { findings: [], ...told };
  const { lintJobs } = await import('../../lint/lint-jobs.ts');
  const { findings, allowed, unknownTables } = await lintJobs([job], buildLintSettings(companion, null));
  const unknown = describeUnknownTables(unknownTables, companion.file);
  return { findings: [...findings.map(({ finding }) => finding), ...unknown], allowed, ...told };
}
