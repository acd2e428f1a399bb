import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseAfterTest } from '@companion/testing';
import postgres from 'postgres';
import type { OwnServer } from './own-server.ts';
import type { MatrixCase } from './run-case.ts';
import { FRESH } from './scenario.ts';
import {
  BETWEEN_MIGRATIONS,
  COMMIT_UNANSWERED,
  COMMIT_UNSENT,
  IN_A_BUILD,
  IN_A_STATEMENT,
  IN_VERIFICATION,
  RECORD_UNSENT,
  type Step,
} from './steps.ts';
import type { World } from './world.ts';

/** A commit inside a run need not wait for the disk: a crash may take it, and then its ledger row with it. */
const FIRST_MAY_BE_LOST = ['0 of 5', '1 of 5'] as const;
/** The test is one of them, with rights to take those reserved for superusers, too. */
const FEW_CONNECTIONS = ['-c', 'max_connections=6'];

const atStart = { step: 'before the run connects', scenario: FRESH };

export const SERVER_FAULTS: readonly MatrixCase[] = [
  stopped('immediate', { ...IN_A_STATEMENT, applied: FIRST_MAY_BE_LOST }),
  stopped('immediate', { ...COMMIT_UNSENT, applied: FIRST_MAY_BE_LOST }),
  stopped('immediate', { ...COMMIT_UNANSWERED, applied: FIRST_MAY_BE_LOST }),
  stopped('immediate', { ...BETWEEN_MIGRATIONS, applied: FIRST_MAY_BE_LOST }),
  stopped('immediate', IN_A_BUILD),
  stopped('immediate', RECORD_UNSENT),
  stopped('immediate', IN_VERIFICATION),
  stopped('fast', IN_A_STATEMENT),
  {
    ...atStart,
    fault: 'the server starts late',
    exit: 0,
    applied: '5 of 5',
    provoke: async (world) => {
      const server = serverOf(world);
      await server.stop('fast');
      const cli = world.migrate();
      await cli.waitForOutput(/not reachable yet.*ECONN/);
      await server.start();
      return { result: await cli.finished };
    },
  },
  {
    ...atStart,
    fault: 'the server is away for longer than `--wait`',
    exit: 6,
    applied: '0 of 5',
    provoke: async (world) => {
      const server = serverOf(world);
      await server.stop('fast');
      const result = await world.migrate('--wait', '1s').finished;
      await server.start();
      return { result };
    },
  },
  {
    ...atStart,
    fault: 'the server is starting up (57P03)',
    exit: 0,
    applied: '5 of 5',
    provoke: async (world) => {
      const server = serverOf(world);
      await server.stop('fast');
      const { letGo, flags } = recoverSlowly(server);
      const started = server.start(flags);
      const cli = world.migrate();
      await cli.waitForOutput(/not reachable yet.*57P03/).finally(letGo);
      await started;
      return { result: await cli.finished };
    },
  },
  {
    ...atStart,
    fault: 'all connections are taken (53300), until later',
    exit: 0,
    applied: '5 of 5',
    provoke: async (world) => {
      const letGo = await takeAllConnections(world);
      const cli = world.migrate();
      await cli.waitForOutput(/not reachable yet.*53300/).finally(letGo);
      const result = await cli.finished;
      await serverOf(world).stop('fast');
      await serverOf(world).start();
      return { result };
    },
  },
  {
    ...atStart,
    fault: 'all connections are taken (53300), for longer than `--wait`',
    exit: 6,
    applied: '0 of 5',
    provoke: async (world) => {
      const letGo = await takeAllConnections(world);
      const result = await world.migrate('--wait', '1s').finished;
      await letGo();
      await serverOf(world).stop('fast');
      await serverOf(world).start();
      return { result };
    },
  },
];

function stopped(
  how: 'fast' | 'immediate',
  step: Omit<Step, 'applied'> & Pick<MatrixCase, 'applied'>,
): MatrixCase {
  return {
    step: step.name,
    fault: how === 'immediate' ? 'server crashed, and restarted' : 'server stopped, and restarted',
    exit: 6,
    applied: step.applied,
    scenario: step.scenario,
    provoke: async (world) => {
      const { cli, wire, letGo } = await step.reach(world);
      await serverOf(world).stop(how);
      wire?.release();
      const result = await cli.finished;
      await serverOf(world).start();
      return { result, mend: letGo };
    },
  };
}

function serverOf({ server }: World): OwnServer {
  if (server === null) throw new Error('This fault needs a server of its own.');
  return server;
}

/** Makes the next start replay from an archive that does not answer before `letGo`. */
function recoverSlowly({ dataDir }: OwnServer): { flags: string[]; letGo: () => void } {
  const gate = join(dataDir, 'companion.wait');
  writeFileSync(gate, '');
  writeFileSync(join(dataDir, 'recovery.signal'), '');
  const restore = 'restore_command=while [ -e companion.wait ]; do sleep 0.1; done; false';
  return { flags: ['-c', restore, '-c', 'hot_standby=off'], letGo: () => rmSync(gate, { force: true }) };
}

async function takeAllConnections(world: World): Promise<() => Promise<void>> {
  const server = serverOf(world);
  await server.stop('fast');
  await server.start(FEW_CONNECTIONS);
  await world.until('SELECT 1');
  const taken: postgres.Sql[] = [];
  const letGo = async () => void (await Promise.all(taken.map((sql) => sql.end({ timeout: 0 }))));
  releaseAfterTest(letGo);
  for (;;) {
    const sql = postgres(world.database.url, { max: 1, fetch_types: false });
    taken.push(sql);
    try {
      await sql`select 1`;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '53300') return letGo;
      throw error;
    }
  }
}
