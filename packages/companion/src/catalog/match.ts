export type Matched<T> = {
  /** Pairs of an expected and an actual one. */
  readonly matched: readonly (readonly [T, T])[];
  readonly missing: readonly T[];
  readonly added: readonly T[];
};

/** Pairs those with the same key; a key is unique on its side. Pure. */
export function matchByKey<T>(
  expected: readonly T[],
  actual: readonly T[],
  keyOf: (one: T) => string,
): Matched<T> {
  const others = new Map(actual.map((other) => [keyOf(other), other]));
  const keys = new Set(expected.map(keyOf));
  return {
    matched: expected.flatMap((one) => {
      const other = others.get(keyOf(one));
      return other === undefined ? [] : [[one, other] as const];
    }),
    missing: expected.filter((one) => !others.has(keyOf(one))),
    added: actual.filter((other) => !keys.has(keyOf(other))),
  };
}

/**
 * Pairs, of what has no counterpart of its name, those that are alike but for it, in order. `alike` tells all but the name; null
 * for what a name makes. Pure.
 */
export function matchRenamed<T>(
  { missing, added }: Pick<Matched<T>, 'missing' | 'added'>,
  alike: (one: T) => string | null,
): { readonly renamed: readonly (readonly [T, T])[] } & Pick<Matched<T>, 'missing' | 'added'> {
  if (missing.length === 0 || added.length === 0) return { renamed: [], missing, added };
  const free = added.map((other) => ({ other, text: alike(other) }));
  const renamed = missing.flatMap((one) => {
    const text = alike(one);
    const at = text === null ? -1 : free.findIndex((candidate) => candidate.text === text);
    return free.splice(at, at < 0 ? 0 : 1).map(({ other }) => [one, other] as const);
  });
  const used = new Set(renamed.flat());
  return {
    renamed,
    missing: missing.filter((one) => !used.has(one)),
    added: added.filter((one) => !used.has(one)),
  };
}
