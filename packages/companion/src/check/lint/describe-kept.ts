import type { Mending } from '../../kernel/check-result.ts';
import type { LintFinding } from '../../lint/lint-migrations.ts';
import { whyUnmended } from '../../lint/why-unmended.ts';

/** What `--fix` left as it is, by file and reason, in the order of the findings. Pure. */
export function describeKept(
  left: readonly LintFinding[],
  forbidden: ReadonlyMap<string, string>,
): Mending['kept'] {
  const kept = new Map<string, { file: string; reason: string; codes: string[] }>();
  for (const one of left) {
    const { file, code } = one.finding;
    const reason = file === undefined ? null : findReason(one, forbidden.get(file) ?? null);
    if (file === undefined || reason === null) continue;
    const key = JSON.stringify([file, reason]);
    const entry = kept.get(key) ?? { file, reason, codes: [] };
    if (!entry.codes.includes(code)) entry.codes.push(code);
    kept.set(key, entry);
  }
  return [...kept.values()];
}

/** Of a file that must stay as it is, that is the reason, where there was anything to write. */
function findReason(left: LintFinding, forbidden: string | null): string | null {
  if (left.edits.length > 0) return forbidden;
  return forbidden === null ? whyUnmended(left) : null;
}
