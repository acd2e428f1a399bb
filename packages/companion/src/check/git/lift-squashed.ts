import type { Finding } from '../../kernel/finding.ts';

/** In a commit message: the branch replaces history on purpose. */
export const SQUASH_SENTINEL = '[squash-baseline]';

/** What the checks found, made one finding that says what is not held against the branch, and why. Pure. */
export function liftSquashed(
  findings: readonly Finding[],
  { base, commit }: { base: string; commit: { readonly id: string; readonly subject: string } },
): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const lifted = [...counts].map(([code, count]) => `${count} × ${code}`).join(', ');
  return [
    {
      code: 'git/squash-baseline',
      level: 'info',
      message: `Commit ${commit.id} (${commit.subject}) says ${SQUASH_SENTINEL}: what this branch does to the migrations of ${base} is not held against it${lifted === '' ? '; there is nothing' : `: ${lifted}`}.`,
      hint: 'Every database that has the old history must be told of the new one before it is migrated again.',
      docs: 'docs/findings.md#gitsquash-baseline',
    },
  ];
}
