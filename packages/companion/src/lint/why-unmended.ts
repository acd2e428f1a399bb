import { titleOutside } from './advice/own-migration.ts';
import type { LintFinding } from './lint-migrations.ts';

/** Why a finding whose SQL can be made safe is not mended in its file; null where a person must think. Pure. */
export function whyUnmended({ finding: { rewrite = [] }, edits }: LintFinding): string | null {
  if (edits.length > 0) return null;
  if (rewrite.some(({ title }) => title === titleOutside('companion'))) return 'needs a migration of its own';
  return rewrite.some(({ title }) => title?.startsWith('a later ')) ? 'takes several migrations' : null;
}
