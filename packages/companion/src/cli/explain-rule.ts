import { LINT_CODES } from '../kernel/lint-codes.ts';
import { renderSuggestion } from '../kernel/nearest.ts';
import { readRulePage } from '../rule-pages.ts';
import { buildFaultsError } from '../settings/fault.ts';
import type { Style } from './output/output.ts';
import { renderPage } from './output/render-page.ts';

type ExplainInput = {
  /** As typed: `drop-column` or `lint/drop-column`. */
  readonly rule: string;
  readonly files: readonly string[];
  /** Names of the flags that were typed. */
  readonly given: ReadonlySet<string>;
  readonly style: Style;
};

/** What a page is printed with. */
const HARMLESS = ['explain', 'color', 'verbose', 'quiet'];

/**
 * The page of a rule, for a terminal.
 * @throws CompanionError `usage-invalid` for what is no rule, and for flags that ask for something else besides.
 */
export function explainRule({ rule, files, given, style }: ExplainInput): string {
  const others = [
    ...[...given].filter((name) => !HARMLESS.includes(name)).map((name) => `--${name}`),
    ...files,
  ];
  if (others.length > 0) throw refuse(['--explain', ...others].join(', '), 'a page is printed, and no more');
  const names = Object.keys(LINT_CODES).map((code) => code.replace('lint/', ''));
  const name = rule.replace(/^lint\//, '');
  if (!names.includes(name))
    throw refuse('--explain', `there is no rule ${rule}${renderSuggestion(name, names)}`);
  const page = readRulePage(name);
  if (page === null) throw refuse('--explain', `the page of ${name} is not in this installation`);
  return renderPage(page, style);
}

function refuse(source: string, message: string) {
  return buildFaultsError({ code: 'usage-invalid', faults: [{ source, message }] });
}
