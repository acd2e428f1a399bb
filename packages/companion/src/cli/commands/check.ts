import { check } from '../../check/check.ts';
import type { CheckResult } from '../../kernel/check-result.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { readVersion } from '../../version.ts';
import type { CommandContext } from '../command.ts';
import type { CHECK_FLAGS } from '../flags.ts';
import { renderFindingAnnotation } from '../output/github.ts';
import { buildCheckJson, renderJson } from '../output/json.ts';
import type { Output } from '../output/output.ts';
import { renderCheck } from '../output/render-check.ts';
import { renderCheckLines } from '../output/render-check-lines.ts';
import { renderSarif } from '../output/sarif.ts';

export async function runCheck(context: CommandContext<typeof CHECK_FLAGS>): Promise<number> {
  const { flags, output, cwd, env, signal } = context;
  const { staged, database, only, base = null } = flags;
  const result = await Promise.race([
    check({ flags, cwd, env, only, staged, base, database, signal }),
    rejectWhenInterrupted(signal),
  ]);
  const exitCode = result.isPassed ? 0 : 1;
  const isSilent = output.quiet && result.isPassed && isForPeople(output);
  if (!isSilent)
    output.write(render(result, output, { exitCode, workspace: env.GITHUB_WORKSPACE ?? result.root }));
  return exitCode;
}

function isForPeople({ format }: Output): boolean {
  return format === 'pretty' || format === 'plain';
}

type End = {
  readonly exitCode: number;
  /** What GitHub takes paths from: the repository, which is not where npm runs a package's script. */
  readonly workspace: string;
};

function render(result: CheckResult, { format, style }: Output, { exitCode, workspace }: End): string {
  switch (format) {
    case 'json':
      return renderJson(buildCheckJson(result, exitCode));
    case 'sarif':
      return renderSarif({ result, version: readVersion() });
    case 'github': {
      const annotations = result.findings.map((finding) => renderFindingAnnotation(finding, workspace));
      return renderCheckLines(result, style) + annotations.join('');
    }
    case 'plain':
      return renderCheckLines(result, style);
    case 'pretty':
      return renderCheck(result, style);
  }
}

function rejectWhenInterrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      const name = signal.reason === 'SIGTERM' ? 'interrupted-sigterm' : 'interrupted-sigint';
      reject(new CompanionError(name, { message: `${signal.reason}: nothing was changed` }));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
