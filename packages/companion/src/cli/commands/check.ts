import { check } from '../../check/check.ts';
import type { CommandContext } from '../command.ts';
import type { CHECK_FLAGS } from '../flags.ts';
import { writeResult } from '../output/write-result.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';

export async function runCheck(context: CommandContext<typeof CHECK_FLAGS>): Promise<number> {
  const { flags, output, cwd, env, signal } = context;
  const { staged, database, deep, only, base = null, 'shadow-url': shadowUrl = null } = flags;
  const result = await unlessInterrupted(
    signal,
    check({ flags, cwd, env, only, staged, base, database, deep, shadowUrl, signal }),
  );
  return writeResult('check', result, { output, env, short: flags.short });
}
