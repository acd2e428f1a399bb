import type { History } from '../folder/history.ts';
import type { Finding } from '../kernel/finding.ts';
import { HISTORY_CHECKS } from './history-checks.ts';

/** Everything that is wrong with the files, at once. `now` in Unix milliseconds. Pure. */
export function diagnoseHistory(history: History, now: number): readonly Finding[] {
  return HISTORY_CHECKS.flatMap(({ code, diagnose }) =>
    diagnose(history, now).map((fault) => ({
      ...fault,
      code,
      docs: `docs/findings.md#${code.replace('/', '')}`,
    })),
  );
}

/** What leaves order or content of a run in doubt, whoever runs it. */
const BEARS_ON_A_RUN = new Set(['history/missing-file', 'history/duplicate-name', 'history/duplicate-when']);

/**
 * The same, for those who run or compare migrations: what only stock drizzle stumbles over, or the next
 * `drizzle-kit generate`, is no more than a warning to them.
 */
export function diagnoseForRun(history: History, now: number): readonly Finding[] {
  return diagnoseHistory(history, now).map((finding) =>
    finding.level === 'error' && !BEARS_ON_A_RUN.has(finding.code)
      ? { ...finding, level: 'warning' }
      : finding,
  );
}
