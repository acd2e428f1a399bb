import type { CheckResult } from '../../kernel/check-result.ts';
import type { LintPart } from './lint-project.ts';

/** One result of several projects'. Pure. */
export function joinParts(
  parts: readonly LintPart[],
  { root, configFile }: Pick<CheckResult, 'root' | 'configFile'>,
): CheckResult {
  const findings = parts.flatMap((part) => part.findings);
  const reasons = parts.flatMap((part) => part.reasons);
  const mendings = parts.flatMap(({ mending }) => mending ?? []);
  return {
    findings,
    excepted: parts.flatMap((part) => part.excepted),
    allowed: parts.flatMap((part) => part.allowed),
    ...(mendings.length === 0
      ? {}
      : {
          mending: {
            written: mendings.flatMap(({ written }) => written),
            kept: mendings.flatMap(({ kept }) => kept),
          },
        }),
    notChecked: reasons.map((reason) => ({ group: 'lint', reason })),
    notes: [...new Set(parts.flatMap((part) => part.notes))],
    groups: reasons.length === 0 ? ['lint'] : [],
    isPassed: reasons.length === 0 && findings.every(({ level }) => level !== 'error'),
    files: parts.reduce((sum, part) => sum + part.files, 0),
    sources: new Map(parts.flatMap((part) => [...part.sources])),
    root,
    configFile,
  };
}
