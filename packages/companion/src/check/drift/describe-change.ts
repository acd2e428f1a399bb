import type { Facts } from '../../folder/picture/picture.ts';

/** A value longer than this is not told: a line that holds two of them helps nobody. */
const TOLD_LENGTH = 80;

/** What changed between two sets of facts: `type text → varchar(255)`, `not null added`. */
export function describeFacts(before: Facts, after: Facts): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [from, to] = [before[name] ?? null, after[name] ?? null];
    if (from === to) return [];
    if (typeof from === 'boolean' || typeof to === 'boolean') return `${name} ${to ? 'added' : 'removed'}`;
    if (from === null) return tell(name, `${to} added`, 'added');
    if (to === null) return tell(name, `${from} removed`, 'removed');
    return tell(name, `${from} → ${to}`, 'changed');
  });
}

function tell(name: string, long: string, short: string): string {
  return `${name} ${long.length > TOLD_LENGTH || long.includes('\n') ? short : long}`;
}

/** What happened to the values of an enum, whose order counts: `value archived removed`, `value x added after y`. */
export function describeValues(before: readonly string[], after: readonly string[]): readonly string[] {
  const words = [
    ...before.filter((value) => !after.includes(value)).map((value) => `value ${value} removed`),
    ...after.flatMap((value, index) => {
      if (before.includes(value)) return [];
      return `value ${value} added ${index === 0 ? 'at the start' : `after ${after[index - 1]}`}`;
    }),
  ];
  const stayed = (values: readonly string[], others: readonly string[]): string =>
    JSON.stringify(values.filter((value) => others.includes(value)));
  const moved = stayed(before, after) !== stayed(after, before);
  return moved ? [...words, `order of values changed to ${after.join(', ')}`] : words;
}
