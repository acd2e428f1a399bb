import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { offsetOfLine } from '../../sql/locate.ts';
import { renderSnippet } from '../../sql/render-snippet.ts';
import { groupByFile } from './group-findings.ts';
import type { Style } from './output.ts';
import { redact } from './redact.ts';
import { renderCheckSummary } from './render-check-summary.ts';
import { renderDocs } from './render-docs.ts';
import { LEVEL_COLORS } from './render-finding.ts';
import { renderPath } from './render-path.ts';
import { settleFix } from './settle-fix.ts';
import { count, indentBy, toPrintable, wrap } from './text-layout.ts';

const INDENT = '    ';
const PAGES = 'drizzle-companion lint --explain <rule> says more.';

/** What `check` found, for people: file by file, with the lines it is about, and what to do. Ends with a line end. */
export function renderCheck(result: CheckResult, style: Style): string {
  const shown = result.findings.filter(({ level }) => level !== 'info' || style.verbose);
  const blocks = groupByFile(shown).map(([file, findings]) => renderFile(file, findings, result, style));
  if (style.verbose && result.excepted.length > 0) {
    blocks.push(renderQuiet(result.excepted, 'kept quiet by the config', style));
  }
  if (style.verbose && result.allowed.length > 0) {
    blocks.push(renderQuiet(result.allowed, 'allowed in the SQL', style));
  }
  const summary = renderCheckSummary(result, style);
  const hasPages = !style.verbose && shown.some(({ code }) => code.startsWith('lint/'));
  blocks.push(hasPages ? `${summary}\n${style.paint.dim(PAGES)}` : summary);
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
  const { level, message, code, line, hint, rewrite = [], fix } = settleFix(finding);
  const where = line === undefined ? code : `${code}, line ${line}`;
  const label = paint.bold(paint[LEVEL_COLORS[level]](level));
  const indent = ' '.repeat(2 + level.length + 2);
  const parts = [`  ${label}  ${wrap(`${message} ${paint.dim(`(${where})`)}`, { width, indent })}`];
  if (text !== undefined && line !== undefined) parts.push('', renderFrame(finding, text, style), '');
  const arrow = paint.green(symbols ? '→' : '->');
  if (hint !== undefined) parts.push(`${INDENT}${arrow} ${wrap(hint, { width, indent: `${INDENT}  ` })}`);
  for (const [place, { title, sql }] of rewrite.entries()) {
    if (title === undefined && place > 0) parts.push('');
    if (title !== undefined) parts.push(`${INDENT}  ${paint.dim(`${title}:`)}`);
    parts.push(renderSql(sql, style));
  }
  if (fix !== undefined) parts.push(`${INDENT}${hint === undefined ? arrow : ' '} ${paint.cyan(fix)}`);
  if (style.verbose) parts.push(`${INDENT}  ${paint.dim(`see ${renderDocs(finding)}`)}`);
  return parts.join('\n').trimEnd();
}

/** Not wrapped: it is there to be copied. */
function renderSql(sql: string, { paint }: Style): string {
  return sql
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line === '' ? '' : `${INDENT}    ${paint.cyan(toPrintable(line))}`))
    .join('\n');
}

function renderFrame(
  { line = 1, column, endLine, endColumn }: Finding,
  text: string,
  { width }: Style,
): string {
  // A tab is as wide as the terminal likes; one column each keeps the frame within its width.
  const plain = text.replaceAll('\t', ' ');
  const offset = offsetOfLine(plain, line, column);
  const isWithin = column !== undefined && endColumn !== undefined && endLine !== undefined;
  // A statement of several lines is pointed at to the end of its first.
  const length = !isWithin ? 1 : endLine === line ? endColumn - column : restOfLine(plain, offset);
  const frame = renderSnippet(plain, offset, { context: 1, width: width - INDENT.length, length });
  return indentBy(frame, INDENT);
}

function restOfLine(text: string, offset: number): number {
  return [...(/^[^\r\n]*/.exec(text.slice(offset))?.[0].trimEnd() ?? '')].length;
}

function renderQuiet(findings: readonly Finding[], how: string, { paint, width, cwd }: Style): string {
  const lines = findings.map(({ code, message, file }) => {
    const place = file === undefined ? '' : ` ${renderPath(file, cwd)}`;
    return `  ${wrap(`${code}: ${message}${paint.dim(place)}`, { width, indent: INDENT })}`;
  });
  return [paint.bold(`${count(findings.length, 'finding')} ${how}`), ...lines].join('\n');
}
