import { buildFaultsError, type Fault, hasFaults } from '../../settings/fault.ts';
import type { LintOptions } from './options.ts';

/**
 * Flags and arguments of `lint` that contradict each other. Pure.
 * @throws CompanionError `usage-invalid` that tells all of them.
 */
export function assertUsage({ files, all, base, staged, fix, inputName }: LintOptions): void {
  const faults: Fault[] = [];
  const tell = (source: string, message: string) => faults.push({ source, message });
  if (files.length > 0 && all)
    tell('--all', 'is for the whole folder; files that are named are linted anyway');
  if (files.length > 0 && staged) tell('--staged', 'takes what is staged, and no files besides');
  if (staged && all)
    tell('--staged, --all', 'are two questions: what the next commit brings, and all that there is');
  if (staged && base !== null)
    tell('--staged, --base', 'are two questions: what the next commit brings, and what the branch brings');
  if (staged && fix) tell('--staged, --fix', 'cannot stand together: the index is judged, and never written');
  if (fix && files.includes('-')) tell('--fix', 'writes files, and standard input is none');
  if (inputName !== null && !files.includes('-'))
    tell('--stdin-name', 'names standard input: give - as a file, too');
  if (hasFaults(faults)) throw buildFaultsError({ code: 'usage-invalid', faults });
}
