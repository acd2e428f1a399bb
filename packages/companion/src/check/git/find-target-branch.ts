/** The branch that a pull request goes into, in GitHub Actions; null elsewhere, and where something else is run. Pure. */
export function findTargetBranch({
  GITHUB_BASE_REF: target = '',
}: Readonly<Record<string, string | undefined>>): string | null {
  return target === '' ? null : target;
}
