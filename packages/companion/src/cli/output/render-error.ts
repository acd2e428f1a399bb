import type { CompanionError, ServerError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { Style } from './output.ts';
import { redact } from './redact.ts';
import { renderCulprits } from './render-culprits.ts';
import { renderFindings } from './render-finding.ts';
import { renderPlace } from './render-path.ts';
import { renderPairs } from './render-table.ts';
import { settleFix } from './settle-fix.ts';
import { renderSqlstate } from './sqlstate-names.ts';
import { indentBy, wrap } from './text-layout.ts';

/**
 * An error for people, in the order in which it is asked about: what happened, where, what PostgreSQL says,
 * who is in the way, what state things are in, what to do. Ends with a line end; no password in it.
 */
export function renderError(error: CompanionError, style: Style): string {
  const { fields } = error;
  const { paint, width } = style;
  const blocks: string[] = [
    `${paint.bold(paint.red('error'))}  ${wrap(paint.bold(fields.message), { width, indent: '       ' })}`,
  ];
  if (fields.place !== undefined || fields.snippet !== undefined) blocks.push(renderWhere(error, style));
  if (fields.server !== undefined) blocks.push(renderServer(fields.server, fields.message, style));
  if (fields.findings !== undefined && fields.findings.length > 0) {
    blocks.push(
      isOfTheUser(error) ? renderFaults(fields.findings, style) : renderIndented(fields.findings, style),
    );
  }
  if (fields.culprits !== undefined && fields.culprits.length > 0) {
    blocks.push(renderCulprits(fields.culprits, style));
  }
  const last = [...renderState(error, style), ...renderAdvice(error, style)];
  if (last.length > 0) blocks.push(last.join('\n'));
  if (style.verbose) blocks.push(paint.dim(indentBy(renderCauses(error), '  ')));
  return `${redact(blocks.join('\n\n'))}\n`;
}

/** Flags and settings: the faults are the message, and a code would tell nobody anything. */
function isOfTheUser({ code }: CompanionError): boolean {
  return code === 'usage-invalid' || code === 'settings-invalid';
}

function renderFaults(faults: readonly Finding[], { paint, width, symbols }: Style): string {
  const bullet = paint.red(symbols ? '✗' : '-');
  const lines = faults.flatMap(({ message, hint }) => (hint === undefined ? [[message]] : [[message, hint]]));
  return lines
    .map((texts) => texts.map((text) => wrap(text, { width, indent: '    ' })).join('\n    '))
    .map((text) => `  ${bullet} ${text}`)
    .join('\n');
}

function renderIndented(findings: readonly Finding[], style: Style): string {
  return indentBy(renderFindings(findings, { ...style, width: style.width - 2 }), '  ');
}

function renderWhere({ fields: { place, snippet } }: CompanionError, { paint, cwd }: Style): string {
  const parts: string[] = [];
  if (place !== undefined) parts.push(`  ${paint.cyan(renderPlace(place, cwd))}`);
  if (snippet !== undefined) parts.push(indentBy(snippet.trimEnd(), '    '));
  return parts.join('\n');
}

function renderServer(server: ServerError, told: string, style: Style): string {
  const { paint, width } = style;
  const object = [server.schema, server.table, server.column].filter((part) => part !== undefined).join('.');
  const pairs: [string, string | undefined][] = [
    ['message', told.includes(server.message) ? undefined : server.message],
    ['SQLSTATE', renderSqlstate(server.sqlstate)],
    ['detail', server.detail],
    ['hint', server.hint],
    ['object', object === '' ? undefined : object],
    ['type', server.dataType],
    ['constraint', server.constraint],
    ['where', server.where],
  ];
  const indent = ' '.repeat(14);
  const given = pairs.flatMap(([label, value]) =>
    value === undefined ? [] : [[paint.dim(label.padEnd(10)), wrap(value, { width, indent })] as const],
  );
  return renderPairs(given, '  ');
}

function renderState({ fields, suppressed }: CompanionError, { paint, width, symbols }: Style): string[] {
  const bullet = symbols ? '•' : '-';
  const failures = suppressed.map((thrown) => `Cleaning up failed as well: ${messageOf(thrown)}`);
  return [...(fields.state ?? []), ...failures].map(
    (sentence) => `  ${paint.dim(bullet)} ${wrap(sentence, { width, indent: '    ' })}`,
  );
}

function renderAdvice({ fields }: CompanionError, { paint, width, symbols }: Style): string[] {
  const { hint, fix } = settleFix({ hint: fields.hint, fix: fields.fix });
  const arrow = paint.green(symbols ? '→' : '->');
  const indent = symbols ? '    ' : '     ';
  const lines: string[] = [];
  if (hint !== undefined) lines.push(`  ${arrow} ${wrap(hint, { width, indent })}`);
  if (fix !== undefined)
    lines.push(`  ${hint === undefined ? arrow : ' '.repeat(indent.length - 3)} ${paint.cyan(fix)}`);
  return lines;
}

function renderCauses(error: CompanionError): string {
  const stacks = [`${error.code}: ${error.stack ?? error.message}`];
  let cause: unknown = error.cause;
  // A cycle of causes is possible, a fifth cause is not worth reading.
  for (let depth = 0; cause !== undefined && depth < 4; depth++) {
    stacks.push(`caused by ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return stacks.join('\n');
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
