import type { Contender } from './contenders.ts';
import { type Measurement, measure } from './measure.ts';

/** A contender's runs in one scenario, in order; the warm-up is not among them. */
export type Runs = { readonly name: string; readonly runs: readonly Measurement[] };

export type Round = {
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** Where measuring keeps its own files. */
  readonly scratch: string;
  /** Outside the timed part; the database's URL. */
  readonly before: (contender: Contender) => Promise<string>;
  /** Outside the timed part; throws when the contender did not do its work. */
  readonly after: (contender: Contender, url: string) => Promise<void>;
  readonly tell: (line: string) => void;
};

/**
 * Everybody once, then everybody again: when the machine slows down, it does so for all. The first round warms up
 * (files into the page cache, the server's own caches) and is not counted.
 */
export async function runRounds(round: Round): Promise<readonly Runs[]> {
  const runs = new Map<string, Measurement[]>(round.contenders.map(({ name }) => [name, []]));
  for (let number = 0; number <= round.rounds; number += 1) {
    for (const contender of round.contenders) {
      const url = await round.before(contender);
      const measured = await measure(contender.command(url), round.scratch);
      await round.after(contender, url);
      if (number > 0) runs.get(contender.name)?.push(measured);
      round.tell(
        `${number === 0 ? 'warm-up' : `round ${number}`}  ${contender.name}  ${measured.wallMs.toFixed(0)} ms`,
      );
    }
  }
  return [...runs].map(([name, measured]) => ({ name, runs: measured }));
}
