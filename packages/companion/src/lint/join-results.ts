import type { LintResult } from './lint-migrations.ts';

/** One result of several jobs'. A table that one of them knows is known. Pure. */
export function joinResults(results: readonly LintResult[]): LintResult {
  const [first, ...others] = results.map(({ unknownTables }) => unknownTables);
  return {
    findings: results.flatMap(({ findings }) => findings),
    allowed: results.flatMap(({ allowed }) => allowed),
    unknownTables: first?.filter((name) => others.every((unknown) => unknown.includes(name))) ?? [],
  };
}
