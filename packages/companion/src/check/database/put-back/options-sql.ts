import { quoteLiteral } from '../../../sql/quote.ts';

/** SET and RESET, from `fillfactor=70, autovacuum_enabled=false` to what is expected; `head` is the ALTER before them. Pure. */
export function optionsSql(
  head: string,
  expected: string | null,
  actual: string | null,
  prefix = '',
): readonly string[] {
  const [wanted, had] = [parseOptions(expected), parseOptions(actual)];
  const set = [...wanted].filter(([name, value]) => had.get(name) !== value);
  const reset = [...had.keys()].filter((name) => !wanted.has(name));
  return [
    ...(reset.length === 0 ? [] : [`${head} RESET (${reset.map((name) => prefix + name).join(', ')});`]),
    ...(set.length === 0
      ? []
      : [
          `${head} SET (${set.map(([name, value]) => `${prefix}${name} = ${quoteLiteral(value)}`).join(', ')});`,
        ]),
  ];
}

/** `fillfactor=70, autovacuum_enabled=false`, as a catalog has it. Pure. */
export function parseOptions(options: string | null): ReadonlyMap<string, string> {
  const pairs = (options ?? '').split(', ').filter((option) => option !== '');
  return new Map(
    pairs.map((option) => {
      const [name = '', ...value] = option.split('=');
      return [name, value.join('=')] as const;
    }),
  );
}
