import type { Runs } from './rounds.ts';

/** A contender's line in a table. */
export type Summary = {
  readonly name: string;
  readonly wallMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly peakMemoryBytes: number | null;
};

/** Medians of a contender's runs. Pure. */
export function summarise({ name, runs }: Runs): Summary {
  const times = runs.map((run) => run.wallMs);
  const memory = runs.flatMap((run) => (run.peakMemoryBytes === null ? [] : [run.peakMemoryBytes]));
  return {
    name,
    wallMs: median(times),
    fastestMs: Math.min(...times),
    slowestMs: Math.max(...times),
    peakMemoryBytes: memory.length === 0 ? null : median(memory),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 === 0 ? sorted.slice(middle - 1, middle + 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}
