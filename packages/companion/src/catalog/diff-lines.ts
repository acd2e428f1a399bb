/** How many lines that both have stand around those that differ. */
const CONTEXT = 2;

/**
 * Lines that only the first text has after `- `, those that only the second has after `+ `, and what stands around them;
 * `…` for what both have further off. Pure.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const lines = align(before, after);
  const isNear = (at: number) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((line) => !line.startsWith('  '));
  return lines.flatMap((line, at) => (isNear(at) ? [line] : at === 0 || isNear(at - 1) ? ['  …'] : []));
}

/** Along a longest common subsequence. */
function align(before: readonly string[], after: readonly string[]): readonly string[] {
  const lengths = before.map(() => new Uint32Array(after.length + 1));
  lengths.push(new Uint32Array(after.length + 1));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        before[i] === after[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(`  ${before[i]}`);
      i += 1;
      j += 1;
    } else if (i < before.length && (j === after.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      lines.push(`- ${before[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${after[j]}`);
      j += 1;
    }
  }
  return lines;
}
