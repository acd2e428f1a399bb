import type { Finding } from '../../kernel/finding.ts';

/** Findings by file, files and lines in order; those about no file first. */
export function groupByFile(findings: readonly Finding[]): readonly (readonly [string | null, Finding[]])[] {
  const groups = new Map<string | null, Finding[]>();
  for (const finding of [...findings].sort(comparePlaces)) {
    const group = groups.get(finding.file ?? null);
    if (group === undefined) groups.set(finding.file ?? null, [finding]);
    else group.push(finding);
  }
  return [...groups];
}

function comparePlaces(a: Finding, b: Finding): number {
  const [fileA = '', fileB = ''] = [a.file, b.file];
  // Not the locale's order: the same on every machine.
  if (fileA !== fileB) return fileA < fileB ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
