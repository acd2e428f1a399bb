import type { CheckResult } from '../../kernel/check-result.ts';
import { readRulePage } from '../../rule-pages.ts';
import { readVersion } from '../../version.ts';
import { renderFindingAnnotation } from './github.ts';
import { buildCheckJson, renderJson } from './json.ts';
import { keepErrors } from './keep-errors.ts';
import type { Output } from './output.ts';
import { renderCheck } from './render-check.ts';
import { renderCheckLines } from './render-check-lines.ts';
import { renderCheckShort } from './render-check-short.ts';
import { renderSarif } from './sarif.ts';

type Command = 'check' | 'lint';

type WriteOptions = {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A finding in a line, without rewrites and frames. */
  readonly short?: boolean;
};

/** Prints what was found in the format that is wanted. Returns the exit code. */
export function writeResult(
  command: Command,
  result: CheckResult,
  { output, env, short = false }: WriteOptions,
): number {
  const exitCode = result.isPassed ? 0 : 1;
  const { format, quiet, write } = output;
  // Programs want everything, and get it in one piece.
  const isForPeople = format !== 'json' && format !== 'sarif';
  // What GitHub takes paths from: the repository, which is not where npm runs a package's script.
  const workspace = env.GITHUB_WORKSPACE ?? result.root;
  if (quiet && result.isPassed && isForPeople) return exitCode;
  const shown = quiet && isForPeople ? keepErrors(result) : result;
  write(render(shown, output, { command, exitCode, workspace, short }));
  return exitCode;
}

type End = {
  readonly command: Command;
  readonly exitCode: number;
  readonly workspace: string;
  readonly short: boolean;
};

function render(
  result: CheckResult,
  { format, style }: Output,
  { command, exitCode, workspace, short }: End,
): string {
  const lines = short ? renderCheckShort : renderCheckLines;
  switch (format) {
    case 'json':
      return renderJson(buildCheckJson(command, result, exitCode));
    case 'sarif':
      return renderSarif({ result, version: readVersion(), readPage: readRulePage });
    case 'github': {
      const shown = result.findings.filter(({ level }) => level !== 'info' || style.verbose);
      const annotations = shown.map((finding) => renderFindingAnnotation(finding, workspace));
      return lines(result, style) + annotations.join('');
    }
    case 'plain':
      return lines(result, style);
    case 'pretty':
      return short ? renderCheckShort(result, style) : renderCheck(result, style);
  }
}
