/** The columns that an expression names, each once, in the order in which they appear; qualifiers are left out. */
export function columnRefs(expression: unknown): readonly string[] {
  return [...new Set(walk(expression))];
}

function* walk(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const last = key === 'ColumnRef' ? value?.fields?.at?.(-1) : undefined;
    if (typeof last?.String?.sval === 'string') yield last.String.sval;
    else yield* walk(value);
  }
}
