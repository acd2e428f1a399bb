import { type CliResult, withResources } from '@companion/testing';
import { expect } from 'vitest';
import { expectConvergence } from './converge.ts';
import type { OwnServer } from './own-server.ts';
import { readState } from './read-state.ts';
import type { Scenario } from './scenario.ts';
import { OURS, openWorld, type World } from './world.ts';

/** One row of the matrix. */
export type MatrixCase = {
  readonly step: string;
  readonly fault: string;
  /** How the run that is broken must end. */
  readonly exit: Exit;
  /** What must be applied right after, as `readState` words it; several where chance decides. */
  readonly applied: string | readonly string[];
  readonly scenario: Scenario;
  /** Starts the bin, breaks something, and returns how the run ended; `mend` then makes a rerun possible. */
  readonly provoke: (world: World) => Promise<Broken>;
};

/** `killed`: by the fault itself, so there is no exit code of the bin's own. */
export type Exit = number | 'killed';

export type Broken = { readonly result: CliResult; readonly mend?: () => Promise<void> };

/** What was found; null where the run did not get that far. */
export type Finding = {
  exit: Exit | null;
  applied: string | null;
  invariant: boolean | null;
  converged: boolean | null;
};

/**
 * Provokes the fault and checks what must hold after each of them. Throws at the first thing that does not;
 * `found` then says how far it came.
 */
export async function runCase(
  version: number,
  matrixCase: MatrixCase,
  found: Finding,
  server: OwnServer | null = null,
): Promise<void> {
  await withResources(async () => {
    const world = await openWorld(version, matrixCase.scenario, server);
    await matrixCase.scenario.prepare?.(world);
    const { result, mend } = await matrixCase.provoke(world);
    const said = `it said:\n${result.stdout}${result.stderr}`;
    found.exit = result.signal === 'SIGKILL' ? 'killed' : result.exitCode;
    expect(found.exit, `exit code of the broken run; ${said}`).toBe(matrixCase.exit);

    const atOnce = await readState(world);
    found.applied = atOnce.applied;
    found.invariant = false;
    expect(atOnce.contradictions, 'ledger against effects, right after').toEqual([]);
    const expected = [matrixCase.applied].flat();
    expect(expected, `what is applied right after; ${said}`).toContain(atOnce.applied);
    found.applied = expected.join(' or ');
    await world.until(`SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE ${OURS})`);
    const settled = await readState(world);
    expect(settled.contradictions, 'ledger against effects, when our sessions are gone').toEqual([]);
    found.invariant = true;

    await mend?.();
    found.converged = false;
    await expectConvergence(world);
    found.converged = true;
  });
}
