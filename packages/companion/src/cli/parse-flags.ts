import { renderSuggestion } from '../kernel/nearest.ts';
import type { Fault } from '../settings/fault.ts';
import { DURATION_EXAMPLES, parseDuration } from '../settings/parse-duration.ts';
import type { Flag, Flags, FlagValues } from './flag.ts';

/** A flag as it stands in the command line. */
export type TypedFlag = {
  /** Without dashes. */
  readonly name: string;
  /** With dashes. */
  readonly raw: string;
  readonly value: string | undefined;
  /** `--flag=value` rather than `--flag value`. */
  readonly inline: boolean;
};

type Value = string | number | boolean | readonly string[] | undefined;
type Parsed<F extends Flags> = {
  readonly values: FlagValues<F>;
  /** Names of the flags that were typed; the others have their defaults. */
  readonly given: ReadonlySet<string>;
  readonly faults: readonly Fault[];
};

/** Typed flags held against the known ones: values by name, and everything that is wrong. Pure. */
export function parseFlags<F extends Flags>(known: F, typed: readonly TypedFlag[]): Parsed<F> {
  const faults: Fault[] = [];
  const values: Record<string, Value> = {};
  for (const [name, flag] of Object.entries(known)) values[name] = defaultOf(flag);
  const seen = new Set<string>();
  for (const entry of typed) {
    const { name, negated } = findFlag(known, entry.name);
    const flag = known[name];
    if (flag === undefined) {
      faults.push({ source: entry.raw, message: `is not a flag${suggest(entry, known)}` });
      continue;
    }
    // Of two different values one would be dropped in silence, and nobody could tell which was meant.
    if (seen.has(name) && !('repeatable' in flag))
      faults.push({ source: entry.raw, message: 'is given twice' });
    seen.add(name);
    const result = parseValue(flag, entry);
    if ('fault' in result) faults.push({ source: entry.raw, message: result.fault });
    else values[name] = negated ? false : merge(values[name], result.value);
  }
  return { values: values as FlagValues<F>, given: seen, faults };
}

function findFlag(known: Flags, name: string): { name: string; negated: boolean } {
  const positive = name.replace(/^no-/, '');
  const flag = known[positive];
  const negated = positive !== name && flag?.type === 'switch' && flag.negatable === true;
  return { name: negated ? positive : name, negated };
}

function defaultOf(flag: Flag): Value {
  if (flag.type === 'duration' || flag.type === 'count') return flag.default;
  if (flag.type === 'switch') return flag.negatable === true ? undefined : false;
  return 'repeatable' in flag ? [] : undefined;
}

function merge(before: Value, value: Value): Value {
  return Array.isArray(before) ? [...before, String(value)] : value;
}

function parseValue(flag: Flag, entry: TypedFlag): { value: Value } | { fault: string } {
  if (flag.type === 'switch') {
    return entry.value === undefined ? { value: true } : { fault: 'takes no value' };
  }
  // `--to --plan` is a forgotten value; who means it writes --to=--plan.
  const isFlag = !entry.inline && entry.value !== undefined && /^-./.test(entry.value);
  if (entry.value === undefined || entry.value === '' || isFlag) {
    const example = flag.type === 'choice' ? flag.choices.join('|') : `<${flag.placeholder}>`;
    return { fault: `needs a value: ${entry.raw} ${example}` };
  }
  return convert(flag, entry.value);
}

function convert(
  flag: Exclude<Flag, { type: 'switch' }>,
  text: string,
): { value: Value } | { fault: string } {
  const quoted = JSON.stringify(text);
  switch (flag.type) {
    case 'text':
      return { value: text };
    case 'choice': {
      if (flag.choices.includes(text)) return { value: text };
      return { fault: `${quoted} is none of ${flag.choices.join(', ')}` };
    }
    case 'count': {
      if (/^\d{1,6}$/.test(text)) return { value: Number(text) };
      return { fault: `${quoted} is not a whole number` };
    }
    case 'duration': {
      const ms = parseDuration(text);
      return ms === null ? { fault: `${quoted} is not a time such as ${DURATION_EXAMPLES}` } : { value: ms };
    }
  }
}

function suggest(entry: TypedFlag, known: Flags): string {
  const names = Object.keys(known).map((name) => `--${name}`);
  return renderSuggestion(entry.raw, [...names, '--no-color']);
}
