import type { Finding } from '../../kernel/finding.ts';

export type LevelCounts = { readonly errors: number; readonly warnings: number; readonly infos: number };

export function countLevels(findings: readonly Finding[]): LevelCounts {
  const of = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return { errors: of('error'), warnings: of('warning'), infos: of('info') };
}
