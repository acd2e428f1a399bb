import type { CliResult } from '@companion/testing';
import { expect } from 'vitest';
import { HISTORY, writtenAs } from './history.ts';
import { atGate } from './reach.ts';
import type { Broken, MatrixCase } from './run-case.ts';
import { FRESH, RELEASE } from './scenario.ts';
import { LOCK_THE_LEDGER, type World } from './world.ts';

const TEN = 10;

/** Other runners, other sessions, a folder that changes: nothing dies, and something is in the way. */
export const CONTENDED: readonly MatrixCase[] = [
  {
    step: 'ten runners at once',
    fault: 'none',
    exit: 0,
    applied: '5 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const runners = Array.from({ length: TEN }, () => world.migrate());
      return { result: allAlike(await Promise.all(runners.map(({ finished }) => finished))) };
    },
  },
  {
    step: 'ten runners at once, in the middle of a statement',
    fault: 'SIGKILL of the one that applies',
    exit: 'killed',
    applied: '5 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const { cli, letGo } = await atGate(world);
      const others = Array.from({ length: TEN - 1 }, () => world.migrate());
      await Promise.all(others.map((other) => other.waitForOutput(/waiting for another runner/)));
      cli.kill('SIGKILL');
      const result = await cli.finished;
      await letGo();
      expect(allAlike(await Promise.all(others.map(({ finished }) => finished))).exitCode).toBe(0);
      return { result };
    },
  },
  {
    step: 'in the middle of a statement',
    fault: 'SIGKILL, and started again at once',
    exit: 0,
    applied: '5 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const { cli, letGo } = await atGate(world);
      cli.kill('SIGKILL');
      const next = world.migrate();
      // It waits for the dead one's session, or, on a slow day, comes after it.
      await next.waitForOutput(/waiting for another runner|applying/);
      await letGo();
      return { result: await next.finished };
    },
  },
  {
    step: 'before the first migration',
    fault: 'migration lock held, past `--lock-wait`',
    exit: 5,
    applied: '0 of 5',
    scenario: FRESH,
    provoke: (world) => obstructed(world, LOCK_THE_LEDGER, ['--lock-wait', '1s']),
  },
  {
    step: 'before the first migration',
    fault: 'migration lock held, and released in time',
    exit: 0,
    applied: '5 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const { letGo } = await world.standInTheWay(LOCK_THE_LEDGER);
      const cli = world.migrate();
      await cli.waitForOutput(/waiting for another runner/);
      await letGo();
      return { result: await cli.finished };
    },
  },
  {
    step: 'in a migration with a transaction',
    fault: 'table lock held, past `--lock-timeout` and `--lock-retries`',
    exit: 5,
    applied: '1 of 5',
    scenario: RELEASE,
    provoke: (world) =>
      obstructed(world, 'LOCK TABLE accounts IN SHARE MODE', ['--lock-timeout', '2s', '--lock-retries', '1']),
  },
  {
    step: 'in a migration with a transaction',
    fault: 'table lock held, and released between two tries',
    exit: 0,
    applied: '5 of 5',
    scenario: RELEASE,
    provoke: async (world) => {
      const { letGo } = await world.standInTheWay('LOCK TABLE accounts IN SHARE MODE');
      const cli = world.migrate('--lock-timeout', '500ms', '--lock-retries', '50');
      await cli.waitForOutput(/rolled back on/);
      await letGo();
      return { result: await cli.finished };
    },
  },
  {
    step: 'before the first migration',
    fault: 'an orphan holds AccessExclusiveLock on a table',
    exit: 5,
    applied: '1 of 5',
    scenario: RELEASE,
    provoke: async (world) => {
      const { sql } = world.database;
      await sql`create table abandoned ()`;
      const { result, mend } = await obstructed(world, 'LOCK TABLE abandoned', ['--lock-timeout', '500ms']);
      return { result, mend: () => mend().then(async () => void (await sql`drop table abandoned`)) };
    },
  },
  {
    step: 'in the last migration',
    fault: 'its SQL fails',
    exit: 3,
    applied: '4 of 5',
    scenario: RELEASE,
    provoke: async (world) => {
      await world.database.sql`create function refuse() returns event_trigger language plpgsql as $$
        begin if exists (select from pg_event_trigger_ddl_commands() where object_identity = 'public.notes')
          then raise 'not now'; end if; end $$`;
      await world.database.sql`create event trigger refuse on ddl_command_end execute function refuse()`;
      return {
        result: await world.migrate().finished,
        mend: async () => void (await world.database.sql`drop function refuse cascade`),
      };
    },
  },
  {
    step: 'between reading the folder and applying it',
    fault: "a migration's file vanishes",
    exit: 0,
    applied: '5 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const wire = world.proxy.holdWhenClientSends({ pattern: /pg_try_advisory_lock/, moment: 'before' });
      const cli = world.migrate();
      const { release } = await wire;
      const mend = removeFile(world);
      release();
      return { result: await cli.finished, mend };
    },
  },
  {
    step: 'before the folder is read',
    fault: "a migration's file vanishes",
    exit: 4,
    applied: '0 of 5',
    scenario: FRESH,
    provoke: async (world) => {
      const mend = removeFile(world);
      return { result: await world.migrate().finished, mend };
    },
  },
];

async function obstructed(world: World, obstacle: string, args: string[]): Promise<Required<Broken>> {
  const { letGo } = await world.standInTheWay(obstacle);
  const result = await world.migrate(...args).finished;
  expect(`${result.stdout}${result.stderr}`, 'what it says of who is in the way').toContain('in the way');
  return { result, mend: letGo };
}

function allAlike(results: readonly CliResult[]): CliResult {
  const [first] = results;
  if (first === undefined) throw new Error('Nothing ran.');
  for (const { exitCode, stderr } of results) expect(exitCode, stderr).toBe(first.exitCode);
  return first;
}

/** Returns what puts it back. */
function removeFile({ folder }: World): () => Promise<void> {
  const entry = writtenAs('journal', HISTORY)[1];
  if (entry === undefined) throw new Error('The history is too short.');
  folder.remove(`${entry.name}.sql`);
  return async () => folder.write(`${entry.name}.sql`, entry.sql);
}
