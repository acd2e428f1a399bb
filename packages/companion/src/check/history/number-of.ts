/** What a name is ordered by at sight: `0007` of `0007_groups`, the timestamp in the 1.x layout; null without one. */
export function numberOf(name: string): string | null {
  return /^\d+(?=_)/.exec(name)?.[0] ?? null;
}
