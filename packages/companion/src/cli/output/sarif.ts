import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECK_CODES } from '../../kernel/check-codes.ts';
import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';
import { LINT_CODES } from '../../kernel/lint-codes.ts';
import { findSection } from '../../rule-pages.ts';
import { redact } from './redact.ts';
import { renderDocs } from './render-docs.ts';
import { renderRewrite, renderRewriteMarkdown } from './render-rewrite.ts';
import { settleFix } from './settle-fix.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const HOME = 'https://www.npmjs.com/package/drizzle-companion';
const ROOT = '%SRCROOT%';
const TITLES = new Map<string, string>(
  Object.entries({
    ...CHECK_CODES,
    ...LINT_CODES,
    'plan/unknown-directive': 'A directive that nobody knows',
  }),
);
const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

type SarifInput = {
  readonly result: CheckResult;
  readonly version: string;
  /** The page of a rule of the linter; null where it is not at hand. */
  readonly readPage: (rule: string) => string | null;
};

/** One run in SARIF 2.1.0, as code scanning takes it. Ends with a line end. */
export function renderSarif({ result, version, readPage }: SarifInput): string {
  const codes = [
    ...new Set([...result.findings, ...result.excepted, ...result.allowed].map(({ code }) => code)),
  ].sort();
  const describe = describeWith(result, codes);
  const run = {
    tool: {
      driver: {
        name: 'drizzle-companion',
        version,
        informationUri: HOME,
        rules: codes.map((code) => describeRule(code, result, readPage)),
      },
    },
    originalUriBaseIds: { [ROOT]: { uri: `${pathToFileURL(result.root).href.replace(/\/$/, '')}/` } },
    columnKind: 'unicodeCodePoints',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          ...result.notChecked.map(({ group, reason }) =>
            notify('warning', `${group} not checked: ${reason}`),
          ),
          ...result.notes.map((note) => notify('note', note)),
        ],
      },
    ],
    results: [
      ...result.findings.map((finding) => describe(finding)),
      ...result.excepted.map((finding) => ({ ...describe(finding), suppressions: [{ kind: 'external' }] })),
      ...result.allowed.map((finding) => ({ ...describe(finding), suppressions: [{ kind: 'inSource' }] })),
    ],
  };
  const log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, (_, part) => (typeof part === 'string' ? redact(part) : part), 2)}\n`;
}

function describeRule(
  code: string,
  { findings, excepted, allowed }: CheckResult,
  readPage: SarifInput['readPage'],
) {
  const title: string = TITLES.get(code) ?? code;
  const docs =
    [...findings, ...excepted, ...allowed].find((finding) => finding.code === code)?.docs ??
    'docs/findings.md';
  const page = code.startsWith('lint/') ? readPage(code.replace('lint/', '')) : null;
  const section = page === null ? null : findSection(page, 'What happens');
  const more = renderDocs({ docs });
  return {
    id: code,
    name: code,
    shortDescription: { text: title },
    help:
      section === null
        ? { text: `${title}. What it means, what stock drizzle does, and what to do: ${docs}.` }
        : {
            text: `${unlink(section)}\n\nMore: ${more}`,
            markdown: `${unlink(section)}\n\nMore: \`${more}\``,
          },
    helpUri: HOME,
  };
}

/** Links between pages lead nowhere outside of them. */
function unlink(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

function describeWith({ root, configFile }: CheckResult, codes: readonly string[]) {
  const seen = new Map<string, number>();
  return (finding: Finding) => {
    const file = finding.file ?? configFile;
    const uri = file === null ? null : toUri(file, root);
    const identity = JSON.stringify([finding.code, uri, finding.migration ?? null, finding.row ?? null]);
    const nth = seen.get(identity) ?? 0;
    seen.set(identity, nth + 1);
    return {
      ruleId: finding.code,
      ruleIndex: codes.indexOf(finding.code),
      level: LEVELS[finding.level],
      message: describeMessage(finding),
      ...(uri === null ? {} : { locations: [describeLocation(finding, uri)] }),
      // Not the line: a finding that moves with its file stays the same finding.
      partialFingerprints: {
        'drizzleCompanion/v1': createHash('sha256').update(`${identity}${nth}`).digest('hex'),
      },
    };
  };
}

function describeMessage(finding: Finding): { text: string; markdown?: string } {
  const { message, hint, fix, rewrite } = settleFix(finding);
  const text = [message, hint, ...renderRewrite(finding), fix].filter(Boolean).join('\n');
  if (rewrite === undefined) return { text };
  const parts = [message, hint, ...renderRewriteMarkdown(finding), fix === undefined ? '' : `\`${fix}\``];
  return { text, markdown: parts.filter(Boolean).join('\n\n') };
}

function describeLocation({ line, column, endLine, endColumn, file }: Finding, uri: { uri: string }) {
  const region = {
    startLine: line,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
  const isPlaced = file !== undefined && line !== undefined;
  return { physicalLocation: { artifactLocation: uri, ...(isPlaced ? { region } : {}) } };
}

/** Beneath the root relative to it; elsewhere absolute, which is all that can be said. */
function toUri(file: string, root: string): { uri: string; uriBaseId?: string } {
  const path = relative(root, file);
  if (path.startsWith('..') || isAbsolute(path)) return { uri: pathToFileURL(file).href };
  return { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function notify(level: 'warning' | 'note', text: string) {
  return { level, message: { text } };
}
