import { CompanionError } from '../../kernel/errors.ts';
import type { RehearseOptions } from '../../kernel/options.ts';
import type { RehearsalReport } from '../../kernel/rehearsal.ts';
import { rehearse } from '../../rehearse/rehearse.ts';
import type { CommandContext } from '../command.ts';
import type { REHEARSE_FLAGS } from '../flags.ts';
import { buildRehearsalJson, renderJson } from '../output/json.ts';
import { createProgress } from '../output/progress.ts';
import { renderFindings } from '../output/render-finding.ts';
import { renderBrokenOff, renderRehearsal } from '../output/render-rehearsal.ts';
import { parseAccept } from '../parse-accept.ts';
import { readTarget } from '../read-target.ts';
import { readTimeouts } from '../read-timeouts.ts';

type Context = CommandContext<typeof REHEARSE_FLAGS>;

export async function runRehearse(context: Context): Promise<number> {
  const { flags, output } = context;
  const accept = parseAccept(flags.accept);
  const { configFile, ...target } = await readTarget(context);
  const timeouts = await readTimeouts(context, configFile);
  const progress = createProgress(output);
  const options: RehearseOptions = {
    ...target,
    ...timeouts,
    // The config's is for runs that count.
    lockTimeoutMs: flags['lock-timeout'],
    to: flags.to ?? null,
    evenIfBusy: flags['even-if-busy'],
    accept,
    onEvent: progress.onEvent,
  };
  const report = await rehearse(options)
    .finally(progress.close)
    .catch((error: unknown) => {
      if (error instanceof CompanionError) showBrokenOff(error.fields.rehearsal, context);
      throw error;
    });
  if (output.format === 'json') output.write(renderJson(buildRehearsalJson(report, 0)));
  else if (!output.quiet) {
    const untold = renderFindings(progress.untold(report.findings), output.style);
    output.write(`${untold === '' ? '' : `${untold}\n`}${renderRehearsal(report, output.style)}`);
  }
  return 0;
}

/** What was rehearsed before the error, which is told after it. */
function showBrokenOff(report: RehearsalReport | undefined, { output }: Context): void {
  if (report === undefined || output.quiet || output.format === 'json') return;
  output.write(renderBrokenOff(report, output.style));
}
