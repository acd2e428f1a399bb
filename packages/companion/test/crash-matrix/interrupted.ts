import { befalling, signalled } from './faults.ts';
import { atGate, inside, type Reach } from './reach.ts';
import type { MatrixCase } from './run-case.ts';
import { FRESH, RELEASE } from './scenario.ts';
import {
  BEFORE_ANYTHING,
  COMMIT_UNANSWERED,
  IN_A_BUILD,
  IN_A_STATEMENT,
  IN_VERIFICATION,
  RECORD_AND_COMMIT,
  type Step,
} from './steps.ts';
import { LOCK_THE_LEDGER, type World } from './world.ts';

const UNREACHABLE: Step = {
  name: 'while it waits for the database',
  applied: '0 of 5',
  scenario: FRESH,
  reach: async (world) => {
    await world.proxy.refuse();
    return waitingFor(/not reachable yet/, () => world.proxy.recover())(world);
  },
};

const LOCKED_OUT: Step = {
  name: 'while it waits for the migration lock',
  applied: '0 of 5',
  scenario: FRESH,
  reach: async (world) => {
    const { letGo } = await world.standInTheWay(LOCK_THE_LEDGER);
    return waitingFor(/waiting for another runner/, letGo)(world);
  },
};

const RETRYING: Step = {
  name: 'between two tries for a table lock',
  applied: '1 of 5',
  scenario: RELEASE,
  reach: async (world) => {
    const { letGo } = await world.standInTheWay('LOCK TABLE accounts IN SHARE MODE');
    const cli = world.migrate('--lock-timeout', '200ms', '--lock-retries', '50');
    await cli.waitForOutput(/rolled back on/);
    return { cli, wire: null, letGo };
  },
};

const RECORDING: Step = {
  name: 'while the progress record of a statement waits for a lock',
  applied: '2 of 5; 1 of 3 statements of indexes',
  scenario: FRESH,
  reach: inside(RECORD_AND_COMMIT, 'LOCK TABLE drizzle.__drizzle_companion IN EXCLUSIVE MODE'),
};

const SIGTERM = signalled('SIGTERM');
const SIGINT = signalled('SIGINT');

export const INTERRUPTED: readonly MatrixCase[] = [
  befalling(UNREACHABLE, SIGTERM),
  befalling(LOCKED_OUT, SIGTERM),
  befalling(LOCKED_OUT, SIGINT),
  ...BEFORE_ANYTHING.slice(0, 1).map((step) => befalling(step, SIGTERM)),
  befalling(IN_A_STATEMENT, SIGTERM),
  befalling(IN_A_STATEMENT, SIGINT),
  befalling(RETRYING, SIGTERM),
  befalling(COMMIT_UNANSWERED, SIGTERM),
  befalling(IN_A_BUILD, SIGTERM),
  befalling(IN_A_BUILD, SIGINT),
  befalling(RECORDING, SIGTERM),
  // Nothing is left to roll back, so the run ends as it would have.
  befalling(IN_VERIFICATION, signalled('SIGTERM', 0)),
  unanswered('SIGTERM, and no answer from the network', 1),
  unanswered('SIGTERM twice, and no answer from the network', 2),
];

function waitingFor(output: RegExp, letGo: () => Promise<void>): Reach {
  return async (world) => {
    const cli = world.migrate();
    await cli.waitForOutput(output);
    return { cli, wire: null, letGo };
  };
}

/** The network carries nothing while the run is asked to stop, and carries on when it has ended. */
function unanswered(fault: string, signals: number): MatrixCase {
  return {
    ...befalling(IN_A_STATEMENT, SIGTERM),
    fault,
    provoke: async (world: World) => {
      const { cli, letGo } = await atGate(world);
      world.proxy.stall();
      cli.kill('SIGTERM');
      await cli.waitForOutput(/: stopping/);
      if (signals === 2) cli.kill('SIGTERM');
      const result = await cli.finished;
      await world.proxy.recover();
      return { result, mend: letGo };
    },
  };
}
