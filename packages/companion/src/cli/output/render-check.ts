import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { offsetOfLine } from '../../sql/locate.ts';
import { renderSnippet } from '../../sql/render-snippet.ts';
import { groupByFile } from './group-findings.ts';
import type { Style } from './output.ts';
import { redact } from './redact.ts';
import { renderCheckSummary } from './render-check-summary.ts';
import { LEVEL_COLORS } from './render-finding.ts';
import { renderPath } from './render-path.ts';
import { count, indentBy, wrap } from './text-layout.ts';

const INDENT = '    ';

/** What `check` found, for people: file by file, with the lines it is about, and what to do. Ends with a line end. */
export function renderCheck(result: CheckResult, style: Style): string {
  const shown = result.findings.filter(({ level }) => level !== 'info' || style.verbose);
  const blocks = groupByFile(shown).map(([file, findings]) => renderFile(file, findings, result, style));
  if (style.verbose && result.excepted.length > 0) blocks.push(renderExcepted(result.excepted, style));
  blocks.push(renderCheckSummary(result, style));
  return `${redact(blocks.join('\n\n'))}\n`;
}

function renderFile(
  file: string | null,
  findings: readonly Finding[],
  { sources }: CheckResult,
  style: Style,
): string {
  const title = file === null ? [] : [style.paint.bold(renderPath(file, style.cwd))];
  const text = file === null ? undefined : sources.get(file);
  return [...title, ...findings.map((finding) => renderOne(finding, text, style))].join('\n');
}

function renderOne(finding: Finding, text: string | undefined, style: Style): string {
  const { paint, width, symbols } = style;
  const { level, message, code, line, hint, fix } = finding;
  const where = line === undefined ? code : `${code}, line ${line}`;
  const label = paint.bold(paint[LEVEL_COLORS[level]](level));
  const indent = ' '.repeat(2 + level.length + 2);
  const parts = [`  ${label}  ${wrap(`${message} ${paint.dim(`(${where})`)}`, { width, indent })}`];
  if (text !== undefined && line !== undefined) parts.push('', renderFrame(finding, text, style), '');
  const arrow = paint.green(symbols ? '→' : '->');
  if (hint !== undefined) parts.push(`${INDENT}${arrow} ${wrap(hint, { width, indent: `${INDENT}  ` })}`);
  if (fix !== undefined) parts.push(`${INDENT}${hint === undefined ? arrow : ' '} ${paint.cyan(fix)}`);
  if (style.verbose) parts.push(`${INDENT}  ${paint.dim(`see ${finding.docs}`)}`);
  return parts.join('\n').trimEnd();
}

function renderFrame({ line = 1, column }: Finding, text: string, { width }: Style): string {
  // A tab is as wide as the terminal likes; one column each keeps the frame within its width.
  const plain = text.replaceAll('\t', ' ');
  const offset = offsetOfLine(plain, line, column);
  const frame = renderSnippet(plain, offset, { context: 1, width: width - INDENT.length });
  return indentBy(frame, INDENT);
}

function renderExcepted(excepted: readonly Finding[], { paint, width, cwd }: Style): string {
  const lines = excepted.map(({ code, message, file }) => {
    const place = file === undefined ? '' : ` ${renderPath(file, cwd)}`;
    return `  ${wrap(`${code}: ${message}${paint.dim(place)}`, { width, indent: INDENT })}`;
  });
  return [paint.bold(`${count(excepted.length, 'finding')} kept quiet by the config`), ...lines].join('\n');
}
