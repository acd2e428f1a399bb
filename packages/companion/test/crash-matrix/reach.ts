import type { HeldWire, Hold, LiveCli } from '@companion/testing';
import { GATE } from './history.ts';
import { OURS, type World } from './world.ts';

/** A running bin that stands still at a known point. */
export type Standing = {
  readonly cli: LiveCli;
  /** The wire that is held; null when the run stands still inside the server. */
  readonly wire: HeldWire | null;
  /** Takes away what stands in the way inside the server. */
  readonly letGo: () => Promise<void>;
};

/** Starts the bin and lets it come as far as a point. */
export type Reach = (world: World) => Promise<Standing>;

/** True while a session of the bin waits for a lock. */
export const BLOCKED = `SELECT FROM pg_stat_activity WHERE ${OURS} AND wait_event_type = 'Lock'`;

type Which = Pick<Hold, 'occurrence'> & {
  /** True in the database once the server has acted on what it was sent. */
  readonly until?: string;
};

/** The server has been sent everything before the message, and not the message. */
export function before(pattern: RegExp, which: Which = {}): Reach {
  return (world) => reachMessage(world, pattern, 'before', which);
}

/** The server has acted on the message, and its answer is held back. */
export function after(pattern: RegExp, which: Which & { readonly until: string }): Reach {
  return (world) => reachMessage(world, pattern, 'after', which);
}

async function reachMessage(
  world: World,
  pattern: RegExp,
  moment: Hold['moment'],
  { occurrence = 1, until }: Which,
): Promise<Standing> {
  const standing = await holdAt(world, { pattern, moment, occurrence });
  if (until !== undefined) await world.until(until);
  return standing;
}

async function holdAt(world: World, hold: Hold): Promise<Standing> {
  const held = world.proxy.holdWhenClientSends(hold);
  const cli = world.migrate();
  const ended = cli.finished.then(({ stdout, stderr }) => {
    throw new Error(`The run ended and never sent ${hold.pattern}:\n${stdout}${stderr}`);
  });
  ended.catch(() => undefined);
  const wire = await Promise.race([held, ended]);
  return { cli, wire, letGo: async () => undefined };
}

/** Stands inside the server, in a statement that waits for a lock which a transaction with `obstacle` holds. */
export function inside(pattern: RegExp, obstacle: string): Reach {
  return async (world) => {
    const { cli, wire } = await holdAt(world, { pattern, moment: 'before' });
    const { letGo } = await world.standInTheWay(obstacle);
    wire?.release();
    await world.until(BLOCKED);
    return { cli, wire: null, letGo };
  };
}

/** Stands in the middle of a statement of `plans`. */
export async function atGate(world: World): Promise<Standing> {
  const { letGo } = await world.standInTheWay(`SELECT pg_advisory_xact_lock(${GATE})`);
  const cli = world.migrate();
  await world.until(BLOCKED);
  return { cli, wire: null, letGo };
}
