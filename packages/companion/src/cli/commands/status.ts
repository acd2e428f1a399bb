import type { StatusReport } from '../../kernel/status.ts';
import { readStatus } from '../../status/read-status.ts';
import type { CommandContext } from '../command.ts';
import type { STATUS_FLAGS } from '../flags.ts';
import { renderFindingAnnotation } from '../output/github.ts';
import { buildStatusJson, renderJson } from '../output/json.ts';
import { renderStatus } from '../output/render-status.ts';
import { readTarget } from '../read-target.ts';

export async function runStatus(context: CommandContext<typeof STATUS_FLAGS>): Promise<number> {
  const { flags, output, cwd } = context;
  const report = await readStatus(await readTarget(context));
  const exitCode = flags['exit-code'] && !isClean(report) ? 1 : 0;
  if (output.format === 'json') output.write(renderJson(buildStatusJson(report, exitCode)));
  else if (!output.quiet) output.write(renderStatus(report, output.style));
  if (output.format === 'github') {
    output.write(report.comparison.findings.map((finding) => renderFindingAnnotation(finding, cwd)).join(''));
  }
  return exitCode;
}

function isClean({ comparison: { summary, findings } }: StatusReport): boolean {
  return summary.pending + summary.gap === 0 && findings.every(({ level }) => level !== 'error');
}
