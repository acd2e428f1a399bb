import { check } from '../../check/check.ts';
import type { CommandContext } from '../command.ts';
import type { CHECK_FLAGS } from '../flags.ts';
import { writeResult } from '../output/write-result.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';

export async function runCheck(context: CommandContext<typeof CHECK_FLAGS>): Promise<number> {
  const { flags, output, cwd, env, signal } = context;
  const { staged, database, only, base = null } = flags;
  const result = await unlessInterrupted(
    signal,
    check({ flags, cwd, env, only, staged, base, database, signal }),
  );
  return writeResult('check', result, { output, env });
}
