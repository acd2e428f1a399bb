import type { Standing } from './reach.ts';
import type { MatrixCase } from './run-case.ts';
import type { Step } from './steps.ts';
import { OURS, type World } from './world.ts';

/** Something that befalls a run which stands still at a step. */
export type Fault = {
  readonly name: string;
  readonly exit: MatrixCase['exit'];
  readonly befall: (world: World, standing: Standing) => Promise<void>;
};

export const KILLED: Fault = {
  name: 'SIGKILL',
  exit: 'killed',
  befall: async (_, { cli }) => cli.kill('SIGKILL'),
};

export const CUT: Fault = {
  name: 'connection cut',
  exit: 6,
  befall: async ({ proxy }, { wire }) => (wire ? wire.cut() : proxy.cut('rst')),
};

export const TERMINATED: Fault = {
  name: 'backend terminated',
  exit: 6,
  befall: async ({ database }, { wire }) => {
    await database.sql.unsafe(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OURS}`);
    wire?.release();
  },
};

export const DEADLY: readonly Fault[] = [KILLED, CUT, TERMINATED];

/** Asks the run to stop; then what was held back is delivered, so that it can. */
export function signalled(signal: 'SIGINT' | 'SIGTERM', exit = signal === 'SIGINT' ? 130 : 143): Fault {
  return {
    name: signal,
    exit,
    befall: async (_, { cli, wire }) => {
      cli.kill(signal);
      await cli.waitForOutput(/: stopping/);
      wire?.release();
    },
  };
}

export function crossed(steps: readonly Step[], faults: readonly Fault[]): MatrixCase[] {
  return steps.flatMap((step) => faults.map((fault) => befalling(step, fault)));
}

export function befalling({ name, applied, scenario, reach }: Step, fault: Fault): MatrixCase {
  return {
    step: name,
    fault: fault.name,
    exit: fault.exit,
    applied,
    scenario,
    provoke: async (world) => {
      const standing = await reach(world);
      await fault.befall(world, standing);
      return { result: await standing.cli.finished, mend: standing.letGo };
    },
  };
}
