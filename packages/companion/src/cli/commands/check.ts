import { mayMatter } from '../../check/staged/may-matter.ts';
import { listStagedQuickly } from '../../git/list-staged-quickly.ts';
import type { CommandContext } from '../command.ts';
import type { CHECK_FLAGS } from '../flags.ts';

type Context = CommandContext<typeof CHECK_FLAGS>;

/** Most commits have nothing for us: before anything is loaded, git is asked what is staged. */
export async function runCheck(context: Context): Promise<number> {
  const { flags, output, cwd } = context;
  const isSimple = flags.staged && flags.base === undefined && flags.only.length === 0 && !flags.database;
  if (isSimple && (output.format === 'pretty' || output.format === 'plain')) {
    const staged = await listStagedQuickly(cwd);
    if (staged?.every(({ file }) => !mayMatter(file))) {
      if (!output.quiet) output.write('Nothing is staged that check looks at.\n');
      return 0;
    }
  }
  const { runWholeCheck } = await import('../run-whole-check.ts');
  return runWholeCheck(context);
}
