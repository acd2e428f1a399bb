import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { groupByFile } from './group-findings.ts';
import type { Style } from './output.ts';
import { redact } from './redact.ts';
import { renderCheckSummary } from './render-check-summary.ts';
import { LEVEL_COLORS } from './render-finding.ts';
import { renderPath } from './render-path.ts';
import { toOneLine } from './text-layout.ts';

/** What was found, a finding in a line: `file:line:column level message (code)`. Ends with a line end. */
export function renderCheckShort(result: CheckResult, style: Style): string {
  const shown = result.findings.filter(({ level }) => level !== 'info' || style.verbose);
  const lines = groupByFile(shown).flatMap(([, findings]) => findings.map((one) => renderOne(one, style)));
  return `${redact([...lines, renderCheckSummary(result, style)].join('\n'))}\n`;
}

/** Not wrapped, however narrow the terminal: a line can be searched for, and counted. */
function renderOne({ file, line, column, level, message, code }: Finding, { paint, cwd }: Style): string {
  const position = line === undefined ? '' : `:${line}:${column ?? 1}`;
  const place = file === undefined ? '-' : `${renderPath(file, cwd)}${position}`;
  return `${place} ${paint[LEVEL_COLORS[level]](level)} ${toOneLine(message)} ${paint.dim(`(${code})`)}`;
}
