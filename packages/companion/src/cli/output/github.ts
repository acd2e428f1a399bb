import type { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import { redact } from './redact.ts';
import { renderPath } from './render-path.ts';
import { renderRewrite } from './render-rewrite.ts';
import { settleFix } from './settle-fix.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

type Annotation = {
  readonly level: Finding['level'];
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
};

/** GitHub's workflow commands for an error and what it was refused for: shown at the lines of the files. Ends with a line end. */
export function renderErrorAnnotation({ code, fields }: CompanionError, cwd: string): string {
  const { place, server, hint } = fields;
  const message = [fields.message, server?.detail, hint].filter((part) => part !== undefined).join('\n');
  const error = renderAnnotation({ level: 'error', title: code, message, ...place }, cwd);
  // What it was refused for has places of its own.
  const placed = (fields.findings ?? []).filter(({ file }) => file !== undefined);
  return [error, ...placed.map((finding) => renderFindingAnnotation(finding, cwd))].join('');
}

export function renderFindingAnnotation(told: Finding, cwd: string): string {
  const finding = settleFix(told);
  const { level, code } = finding;
  const message = [finding.message, finding.hint, ...renderRewrite(finding), finding.fix]
    .filter((part) => part !== undefined)
    .join('\n');
  return renderAnnotation({ ...finding, level, title: code, message }, cwd);
}

function renderAnnotation(annotation: Annotation, root: string): string {
  const { level, title, message, file, line, column, endLine, endColumn } = annotation;
  const properties = {
    file: file === undefined ? undefined : renderPath(file, root),
    line,
    endLine,
    col: column,
    endColumn,
    title,
  };
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${COMMANDS[level]} ${list.join(',')}::${escapeMessage(redact(message))}\n`;
}

/** As actions/toolkit does it. */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
