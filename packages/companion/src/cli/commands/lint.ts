import { text } from 'node:stream/consumers';
import { lint } from '../../check/lint/lint.ts';
import type { CommandContext } from '../command.ts';
import { explainRule } from '../explain-rule.ts';
import type { LINT_FLAGS } from '../flags.ts';
import { writeResult } from '../output/write-result.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';

export async function runLint(context: CommandContext<typeof LINT_FLAGS>): Promise<number> {
  const { flags, arguments: files, given, output, cwd, env, signal } = context;
  if (flags.explain !== undefined) {
    output.write(explainRule({ rule: flags.explain, files, given, style: output.style }));
    return 0;
  }
  const { all, staged, fix, base = null, 'stdin-name': inputName = null } = flags;
  const version = flags['postgres-version'];
  const result = await unlessInterrupted(
    signal,
    lint({
      ...{ flags, cwd, env, files, all, staged, fix, base, inputName, signal },
      infos: flags.verbose,
      readInput: () => text(process.stdin),
      isPiped: process.stdin.isTTY !== true,
      postgresVersion: version === undefined ? null : Number(version),
    }),
  );
  return writeResult('lint', result, { output, env, short: flags.short });
}
