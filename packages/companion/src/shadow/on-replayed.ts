import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { ReplayFailure, ReplayRunner } from './replay.ts';
import { replayChain } from './replay-chain.ts';
import { makeStart, type ReplayStart, readResetSql } from './replay-start.ts';
import type { Shadow, ShadowOptions } from './shadow.ts';
import { withShadow } from './with-shadow.ts';

export type ReplayedInput = {
  readonly chain: readonly MigrationOnDisk[];
  readonly runner: ReplayRunner;
  readonly start: ReplayStart;
  readonly onMigration?: (done: number) => void;
};

export type Replayed<T> =
  | { readonly kind: 'used'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: ReplayFailure };

/**
 * Gives `use` a shadow on which the chain has run, in a session that begins anew, as that of the next run.
 *
 * What a migration sets for its session, a search path for one, lasts to the end of its run: `migrate` has one session for
 * all that it applies. How many runs a chain had nobody knows. It is replayed as one, which is what a new database sees;
 * where that fails, it is replayed once more as if each migration had been deployed by itself.
 */
export async function onReplayed<T>(
  options: ShadowOptions,
  { chain, runner, start, onMigration }: ReplayedInput,
  use: (shadow: Shadow) => Promise<T>,
): Promise<Replayed<T>> {
  const attempt = (runs: 'one' | 'many') =>
    withShadow(options, async (shadow): Promise<Replayed<T>> => {
      await makeStart(shadow, start, { runner, chain });
      if (chain.length === 0) return { kind: 'used', value: await use(shadow) };
      const reset = await readResetSql(shadow);
      const replay = await replayChain(shadow, chain, {
        runner,
        between: runs === 'one' ? [] : reset,
        ...(onMigration && { onMigration }),
      });
      if (replay.kind === 'failed') return replay;
      for (const sql of reset) await shadow.execute(sql);
      return { kind: 'used', value: await use(shadow) };
    });
  const first = await attempt('one');
  if (first.kind === 'used' || runner === 'stock' || !mayBeOfSession(first.failure)) return first;
  const second = await attempt('many');
  // What stopped both, or stopped the second sooner, is no matter of sessions.
  return second.kind === 'failed' && second.failure.done <= first.failure.done ? first : second;
}

/** PostgreSQL refused a statement, other migrations came before it, and no other provider is called for. */
function mayBeOfSession({ done, server, able }: ReplayFailure): boolean {
  return done > 0 && server !== undefined && able.length === 0;
}
