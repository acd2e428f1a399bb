import { CHECK, CHECK_STAGED, GENERATE } from './check-scenarios.ts';
import { BARE_NODE, COMPANION, CONNECTION, KIT, PSQL } from './contenders.ts';
import { LINT, SQUAWK } from './lint-scenarios.ts';
import { CACHED, CATALOG, REPLAY_PGLITE, REPLAY_SERVER } from './shadow-scenarios.ts';
import type { Summary } from './summary.ts';

/** An aim held against what was measured; `met` is null where something was not measured. */
export type Verdict = { readonly aim: string; readonly result: string; readonly met: boolean | null };

/** By scenario. */
export type Measured = Readonly<
  Record<
    'nothingToDo' | 'fromEmpty' | 'check' | 'staged' | 'lint' | 'lintOne' | 'catalog' | 'replay' | 'cached',
    readonly Summary[]
  >
>;

/** What we set out to reach. Pure. */
export function judgeAims({
  nothingToDo,
  fromEmpty,
  check,
  staged,
  lint,
  lintOne,
  catalog,
  replay,
  cached,
}: Measured): readonly Verdict[] {
  return [
    ratio('nothing to do: wall time at most 0.6 × drizzle-kit', 0.6, wall(nothingToDo), COMPANION, KIT),
    excess(
      'nothing to do: within 80 ms of bare node with one connection',
      80,
      wall(nothingToDo),
      COMPANION,
      CONNECTION,
    ),
    ratio('from empty: wall time at most 0.8 × drizzle-kit', 0.8, wall(fromEmpty), COMPANION, KIT),
    ratio('from empty: wall time at most 1.5 × psql', 1.5, wall(fromEmpty), COMPANION, PSQL),
    ratio('nothing to do: peak memory at most that of drizzle-kit', 1, memory(nothingToDo), COMPANION, KIT),
    ratio('from empty: peak memory at most that of drizzle-kit', 1, memory(fromEmpty), COMPANION, KIT),
    ratio('check: wall time at most that of drizzle-kit generate', 1, wall(check), CHECK, GENERATE),
    ratio(
      'check --staged, nothing of ours: at most 1.5 × bare node',
      1.5,
      wall(staged),
      CHECK_STAGED,
      BARE_NODE,
    ),
    ratio('lint: wall time at most 2.5 × squawk on the same files', 2.5, wall(lint), LINT, SQUAWK),
    lintOfOne(wall(lintOne)),
    limit('readCatalog of 500 tables: at most 300 ms', 300, wall(catalog), CATALOG),
    ratio(
      'replay on PGlite: at most 3 × the same on a server',
      3,
      wall(replay),
      REPLAY_PGLITE,
      REPLAY_SERVER,
    ),
    limit("the same chain again: its catalog within 150 ms of Node's start", 150, wall(cached), CACHED),
  ];
}

function lintOfOne(of: Lookup): Verdict {
  const aim = 'lint of one file: at most 1.3 × squawk on it, and 60 ms';
  const [ours, theirs] = [of(LINT), of(SQUAWK)];
  if (ours === null || theirs === null) return { aim, result: 'not measured here', met: null };
  const beyond = ours - 1.3 * theirs;
  return { aim, result: `1.3 × and ${beyond.toFixed(0)} ms`, met: beyond <= 60 };
}

type Lookup = (name: string) => number | null;

function wall(summaries: readonly Summary[]): Lookup {
  return (name) => summaries.find((summary) => summary.name === name)?.wallMs ?? null;
}

function memory(summaries: readonly Summary[]): Lookup {
  return (name) => summaries.find((summary) => summary.name === name)?.peakMemoryBytes ?? null;
}

function ratio(aim: string, limit: number, of: Lookup, ours: string, theirs: string): Verdict {
  const [left, right] = [of(ours), of(theirs)];
  if (left === null || right === null) return { aim, result: 'not measured here', met: null };
  return { aim, result: `${(left / right).toFixed(2)} ×`, met: left / right <= limit };
}

function limit(aim: string, limitMs: number, of: Lookup, ours: string): Verdict {
  const found = of(ours);
  if (found === null) return { aim, result: 'not measured here', met: null };
  return { aim, result: `${found.toFixed(0)} ms`, met: found <= limitMs };
}

function excess(aim: string, limitMs: number, of: Lookup, ours: string, floor: string): Verdict {
  const [left, right] = [of(ours), of(floor)];
  if (left === null || right === null) return { aim, result: 'not measured here', met: null };
  return { aim, result: `${(left - right).toFixed(0)} ms`, met: left - right <= limitMs };
}
