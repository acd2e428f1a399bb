import type { CheckResult } from '../../kernel/check-result.ts';

/** What `--quiet` lets through: errors, and what went unlooked at where that is a failure. Pure. */
export function keepErrors(result: CheckResult): CheckResult {
  const { mending: _, ...rest } = result;
  return {
    ...rest,
    findings: result.findings.filter(({ level }) => level === 'error'),
    excepted: [],
    allowed: [],
    notChecked: result.isPassed ? [] : result.notChecked,
    notes: [],
  };
}
