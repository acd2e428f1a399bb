import type { FactDifference } from '../../catalog/difference.ts';

/** What is said where a fact is so now, and where it is not; of those that a word alone says too little of. */
const SAID: Readonly<Record<string, (value: string | null) => string>> = {
  'not null': (value) => (value === null ? 'takes NULL' : 'takes no NULL'),
  enabled: (value) => MODES[value ?? ''] ?? 'is enabled',
  watched: (value) => (value === 'never' ? 'is not watched' : `is watched ${value ?? 'as usual'}`),
  'row security': (value) => SECURITY[value ?? ''] ?? 'row security is off',
  clustered: (value) => `CLUSTER ${value === null ? 'does not go' : 'goes'} by it`,
  unlogged: (value) => (value === null ? 'is logged' : 'is unlogged: a crash empties it'),
  'not validated': (value) => `is ${value === null ? '' : 'not '}validated`,
  'not null not validated': (value) => `its NOT NULL is ${value === null ? '' : 'not '}validated`,
  invalid: (value) => `is ${value === null ? '' : 'in'}valid`,
  'replica identity': (value) =>
    value === 'yes' ? 'is the replica identity' : `replica identity is ${value ?? 'as usual'}`,
};

const MODES: Readonly<Record<string, string>> = {
  never: 'is disabled',
  always: 'fires on replicas, too',
  'on replicas': 'fires on replicas alone',
};

const SECURITY: Readonly<Record<string, string>> = {
  enabled: 'row security is on',
  forced: 'row security is on, for the owner, too',
  'forced, not enabled': 'row security is off, and forced on the owner once it is on',
};

/** A fact that differs, as a person would say it: `default 0 → 5`, `is disabled`, `has the default 5`. Pure. */
export function sayFact({ fact, expected, actual }: FactDifference): string {
  const say = SAID[fact];
  if (say !== undefined) return say(actual);
  if (expected !== null && actual !== null) return `${fact} ${expected} → ${actual}`;
  const value = expected ?? actual;
  if (value === 'yes') return `${fact}: ${actual === null ? 'no' : 'yes'}`;
  return actual === null ? `has no ${fact} (was ${value})` : `has the ${fact} ${value}`;
}
