export type Paired<T> = {
  readonly pairs: readonly (readonly [T, T])[];
  /** Each with each, where several are alike. */
  readonly undecided: readonly (readonly [T, T])[];
};

/** Pairs what is missing with what was added, where just one of each is alike; `alike` is null for what is like nothing. Pure. */
export function pairUp<T>(
  missing: readonly T[],
  added: readonly T[],
  alike: (one: T) => string | null,
): Paired<T> {
  const group = (all: readonly T[]) => {
    const groups = new Map<string, T[]>();
    for (const one of all) {
      const text = alike(one);
      if (text !== null) groups.set(text, [...(groups.get(text) ?? []), one]);
    }
    return groups;
  };
  const others = group(added);
  const groups = [...group(missing)].map(([text, ones]) => [ones, others.get(text) ?? []] as const);
  const isDecided = ([ones, found]: readonly [readonly T[], readonly T[]]) =>
    ones.length === 1 && found.length === 1;
  const cross = ([ones, found]: readonly [readonly T[], readonly T[]]) =>
    ones.flatMap((one) => found.map((other) => [one, other] as const));
  return {
    pairs: groups.filter(isDecided).flatMap(cross),
    undecided: groups.filter((one) => !isDecided(one)).flatMap(cross),
  };
}
