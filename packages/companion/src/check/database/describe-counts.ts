/** `2 tables, 1 view`. Pure. */
export function describeCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([kind, n]) => `${n} ${plural(kind, n)}`).join(', ');
}

function plural(kind: string, n: number): string {
  if (n === 1 || kind === 'statistics' || kind.endsWith('s')) return kind;
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
