import type { Finding, FindingLevel } from '../../kernel/finding.ts';
import type { Style } from './output.ts';
import { renderDocs } from './render-docs.ts';
import { renderPath } from './render-path.ts';
import { settleFix } from './settle-fix.ts';
import { pad, wrap } from './text-layout.ts';

export const LEVEL_COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;
const INDENT = ' '.repeat(9);

/** A finding as a small block: level, message, code; then where it is and what to do. */
export function renderFinding(told: Finding, style: Style): string {
  const finding = settleFix(told);
  const { paint } = style;
  const label = paint.bold(paint[LEVEL_COLORS[finding.level]](finding.level));
  const wrapped = (text: string) => wrap(text, { width: style.width, indent: INDENT });
  const lines = [
    `${pad(label, INDENT.length)}${wrapped(`${describe(finding)} ${paint.dim(`(${finding.code})`)}`)}`,
  ];
  const place = renderFindingPlace(finding, style.cwd);
  if (place !== null) lines.push(INDENT + paint.dim(`at ${place}`));
  if (finding.hint !== undefined) lines.push(INDENT + wrapped(finding.hint));
  if (finding.fix !== undefined) lines.push(`${INDENT}fix: ${paint.cyan(finding.fix)}`);
  if (style.verbose) lines.push(INDENT + paint.dim(`see ${renderDocs(finding)}`));
  return lines.join('\n');
}

/** Many of them, the gravest first; those at level info only when everything is wanted. */
export function renderFindings(findings: readonly Finding[], style: Style): string {
  const order: readonly FindingLevel[] = style.verbose ? ['error', 'warning', 'info'] : ['error', 'warning'];
  return order
    .flatMap((level) => findings.filter((finding) => finding.level === level))
    .map((finding) => renderFinding(finding, style))
    .join('\n');
}

function describe({ message, migration }: Finding): string {
  return migration === undefined || message.includes(migration) ? message : `${migration}: ${message}`;
}

function renderFindingPlace({ file, line, column }: Finding, cwd: string): string | null {
  if (file === undefined) return null;
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  return renderPath(file, cwd) + position;
}
