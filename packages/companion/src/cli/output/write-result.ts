import type { CheckResult } from '../../kernel/check-result.ts';
import { readVersion } from '../../version.ts';
import { renderFindingAnnotation } from './github.ts';
import { buildCheckJson, renderJson } from './json.ts';
import type { Output } from './output.ts';
import { renderCheck } from './render-check.ts';
import { renderCheckLines } from './render-check-lines.ts';
import { renderSarif } from './sarif.ts';

type Command = 'check' | 'lint';

/** Prints what was found in the format that is wanted. Returns the exit code. */
export function writeResult(
  command: Command,
  result: CheckResult,
  { output, env }: { readonly output: Output; readonly env: Readonly<Record<string, string | undefined>> },
): number {
  const exitCode = result.isPassed ? 0 : 1;
  const { format, quiet, write } = output;
  const isForPeople = format === 'pretty' || format === 'plain';
  // What GitHub takes paths from: the repository, which is not where npm runs a package's script.
  const workspace = env.GITHUB_WORKSPACE ?? result.root;
  if (!(quiet && result.isPassed && isForPeople))
    write(render(result, output, { command, exitCode, workspace }));
  return exitCode;
}

type End = { readonly command: Command; readonly exitCode: number; readonly workspace: string };

function render(
  result: CheckResult,
  { format, style }: Output,
  { command, exitCode, workspace }: End,
): string {
  switch (format) {
    case 'json':
      return renderJson(buildCheckJson(command, result, exitCode));
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
