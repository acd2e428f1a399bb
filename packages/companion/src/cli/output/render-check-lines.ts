import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { groupByFile } from './group-findings.ts';
import type { Style } from './output.ts';
import { redact } from './redact.ts';
import { renderCheckSummary } from './render-check-summary.ts';
import { renderDocs } from './render-docs.ts';
import { renderPath } from './render-path.ts';
import { settleFix } from './settle-fix.ts';
import { toOneLine, toPrintable } from './text-layout.ts';

/** What `check` found, for logs: `file:line:column level code message`, hint, rewrite and command below. Ends with a line end. */
export function renderCheckLines(result: CheckResult, style: Style): string {
  const shown = result.findings.filter(({ level }) => level !== 'info' || style.verbose);
  const lines = groupByFile(shown).flatMap(([, findings]) =>
    findings.flatMap((one) => renderOne(settleFix(one), style)),
  );
  if (style.verbose) {
    lines.push(...result.excepted.map((one) => renderHead(one, 'quiet', style.cwd)));
    lines.push(...result.allowed.map((one) => renderHead(one, 'allowed', style.cwd)));
  }
  return `${redact([...lines, renderCheckSummary(result, style)].join('\n'))}\n`;
}

function renderOne(finding: Finding, { cwd, verbose }: Style): string[] {
  const { hint, rewrite = [], fix, level } = finding;
  const lines = [renderHead(finding, level, cwd)];
  if (hint !== undefined) lines.push(`  hint: ${toOneLine(hint)}`);
  for (const { title, sql } of rewrite) {
    lines.push(title === undefined ? '  rewrite:' : `  rewrite, ${toOneLine(title)}:`);
    lines.push(
      ...sql
        .trimEnd()
        .split(/\r?\n/)
        .map((line) => `    ${toPrintable(line)}`.trimEnd()),
    );
  }
  if (fix !== undefined) lines.push(`  fix: ${toOneLine(fix)}`);
  if (verbose) lines.push(`  see: ${renderDocs(finding)}`);
  return lines;
}

/** A finding without a file has `-` in its place, so that the columns stay where they are. */
function renderHead({ file, line, column, code, message }: Finding, level: string, cwd: string): string {
  const position = line === undefined ? '' : `:${line}:${column ?? 1}`;
  const place = file === undefined ? '-' : `${renderPath(file, cwd)}${position}`;
  return `${place} ${level} ${code} ${toOneLine(message)}`;
}
